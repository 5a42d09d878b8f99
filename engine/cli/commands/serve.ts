// karrigell [serve] [dir]

import { existsSync } from 'node:fs';
import { nearest } from '../../diagnostics/nearest.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { run } from '../../process/run.ts';
import { configurationFor, type GlobalOptions } from '../options.ts';

const COMMANDS = ['serve', 'check', 'init', 'sessions', 'config'];

/** Serves a site until it is told to stop. `named`: the command was written, so `dir` cannot be meant as one. */
export async function serve(
  options: GlobalOptions,
  dir: string | undefined,
  { named }: { readonly named: boolean },
): Promise<void> {
  if (dir !== undefined && !named && !existsSync(dir)) throw unknownCommand(dir);
  await run({ load: (running) => configurationFor(options, dir, running), open: options.open === true });
}

function unknownCommand(name: string): Problem {
  const command = nearest(name, COMMANDS);
  const meant = command === undefined ? '' : ` (did you mean ${command}?)`;
  return new Problem('unknown-command', { holes: { name, meant }, value: name });
}
