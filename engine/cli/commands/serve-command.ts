// karrigell [serve] [dir]

import { existsSync } from 'node:fs';
import { nearestName } from '../../diagnostics/nearest.ts';
import { Problem } from '../../diagnostics/problem.ts';
import type { Load } from '../../process/reload.ts';
import { runServer } from '../../process/run-server.ts';
import { configurationFor, type GlobalOptions } from '../global-options.ts';

/** How `serve` was asked for. */
export interface ServeCall {
  /** The command was written, so `dir` cannot be meant as one. */
  readonly named: boolean;
  /** The names of all commands. */
  readonly commands: readonly string[];
}

/** Serves a site until it is told to stop. */
export async function serveSite(
  options: GlobalOptions,
  dir: string | undefined,
  { named, commands }: ServeCall,
): Promise<void> {
  if (dir !== undefined && !named && !existsSync(dir)) throw unknownCommand(dir, commands);
  await runServer({ load: loader(options, dir), open: options.open === true });
}

/** Reads the configuration at the start and at each reload: a running server keeps to the file that it was started with. */
function loader(options: GlobalOptions, dir: string | undefined): Load {
  let file = options.config;
  return (running) => {
    const config = file === undefined ? {} : { config: file };
    const loaded = configurationFor({ ...options, ...config }, { dir, running });
    file = loaded.file;
    return loaded;
  };
}

/** @param name what was written where a command or a folder is expected */
export function unknownCommand(name: string, commands: readonly string[]): Problem {
  const command = nearestName(name, commands);
  const meant = command === undefined ? '' : ` (did you mean ${command}?)`;
  return new Problem('unknown-command', { params: { name, meant }, value: name });
}
