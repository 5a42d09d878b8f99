// The configured store, opened for one command: what it says, who listens, and how it is closed whatever happens.

import { printableLine } from '../../diagnostics/printable.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { isolatedModuleLoader } from '../../pages/modules/module-loader.ts';
import { isOutage, openSessions, type Sessions } from '../../session/index.ts';
import { configurationFor, type GlobalOptions } from '../global-options.ts';
import { LineOutput } from './line-output.ts';
import { runUntilSignal } from './stop-signals.ts';

/** What a command works with. */
export interface SessionCommand {
  readonly sessions: Sessions;
  readonly out: LineOutput;
  /** Aborted by Ctrl-C. */
  readonly stopped: AbortSignal;
}

/** Opens the configured store for some work. What it logs comes after the work, on standard error. */
export async function withStore(
  options: GlobalOptions,
  work: (opened: SessionCommand) => Promise<void>,
): Promise<void> {
  const { config, base_dir } = configurationFor(options);
  if (config.persistent_session === false) throw new Problem('sessions-in-memory');
  const said: string[] = [];
  const log = (_: string, message: string) => void said.push(message);
  const load_module = isolatedModuleLoader(config.root_dir, log);
  const sessions = await openSessions(config, { base_dir, log, load_module });
  const out = new LineOutput(process.stdout);
  try {
    await runUntilSignal((stopped) => work({ sessions, out, stopped }));
    await out.end();
  } catch (error) {
    // The failure says it better than what was logged for a server.
    if (isOutage(error)) said.length = 0;
    throw error;
  } finally {
    await sessions.close();
    for (const message of said) process.stderr.write(`${printableLine(message)}\n`);
  }
}
