// Opens the configured store for one command, collects its messages, and closes it in every case.

import { printableLine } from '../../diagnostics/printable.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { isOutage, openSessions, type Sessions } from '../../session/index.ts';
import { configurationFor, type GlobalOptions } from '../global-options.ts';
import { LineOutput } from './line-output.ts';
import { runUntilSignal } from './stop-signals.ts';

/** The objects that a command works with. */
export interface SessionCommand {
  readonly sessions: Sessions;
  readonly out: LineOutput;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly stopped: AbortSignal;
}

/** Runs work with the configured store. Messages of the store are printed on standard error after the work. */
export async function withStore(
  options: GlobalOptions,
  work: (opened: SessionCommand) => Promise<void>,
): Promise<void> {
  const { config, base_dir } = configurationFor(options);
  if (config.persistent_session === false) throw new Problem('sessions-in-memory');
  const said: string[] = [];
  const log = (_: string, message: string) => void said.push(message);
  // Imported when a store of the site's own is loaded, because the compiler behind it is half of a start.
  const load_module = async (specifier: string, importer: string) => {
    const { isolatedModuleLoader } = await import('../../pages/modules/module-loader.ts');
    return isolatedModuleLoader(config.root_dir, log)(specifier, importer);
  };
  const sessions = await openSessions(config, { base_dir, log, load_module });
  const out = new LineOutput(process.stdout);
  try {
    await runUntilSignal((stopped) => work({ sessions, out, stopped }));
    await out.end();
  } catch (error) {
    // The error says the same as the messages, which are written for servers.
    if (isOutage(error)) said.length = 0;
    throw error;
  } finally {
    await sessions.close();
    for (const message of said) process.stderr.write(`${printableLine(message)}\n`);
  }
}
