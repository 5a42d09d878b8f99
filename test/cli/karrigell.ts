// Runs the command line as a child process; gives its output and exit code.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cleanEnvironment, PROGRAM } from '../program.ts';

/** The result of a run. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `karrigell` to its end. The environment has only the given KARRIGELL_ variables. */
export async function karrigell(
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Ran> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out.stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    out.stderr += chunk;
  });
  await once(child, 'close');
  return { ...out, code: child.exitCode };
}
