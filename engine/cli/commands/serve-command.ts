// The command `karrigell [serve] [dir]`: serves a site until a signal arrives.

import { existsSync } from 'node:fs';
import { nearestName } from '../../diagnostics/nearest.ts';
import { Problem } from '../../diagnostics/problem.ts';
import type { Load } from '../../process/reload.ts';
import { runServer } from '../../process/run-server.ts';
import { configurationFor, type GlobalOptions } from '../global-options.ts';

/** How the command line asked for `serve`. */
export interface ServeCall {
  /** Whether the word `serve` was written; if so, `dir` cannot be a mistyped command. */
  readonly named: boolean;
  /** The names of all commands. */
  readonly commands: readonly string[];
}

/** Serves a site until a signal arrives. */
export async function serveSite(
  options: GlobalOptions,
  dir: string | undefined,
  { named, commands }: ServeCall,
): Promise<void> {
  if (dir !== undefined && !named && !existsSync(dir)) throw unknownCommand(dir, commands);
  await runServer({ load: loader(options, dir), open: options.open === true });
}

/**
 * The function that reads the configuration at the start and at each reload. A running server keeps the file that it
 * was started with.
 */
function loader(options: GlobalOptions, dir: string | undefined): Load {
  let file = options.config;
  return (running) => {
    const config = file === undefined ? {} : { config: file };
    const loaded = configurationFor({ ...options, ...config }, { dir, running });
    file = loaded.file;
    return loaded;
  };
}

/** The error for a word that is neither a command nor a folder. */
export function unknownCommand(name: string, commands: readonly string[]): Problem {
  const command = nearestName(name, commands);
  const meant = command === undefined ? '' : ` (did you mean ${command}?)`;
  return new Problem('unknown-command', { params: { name, meant }, value: name });
}
