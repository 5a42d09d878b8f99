// A running server as a child process whose output can be waited for.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ExecutionContext } from 'ava';
import { cleanEnvironment, PROGRAM } from '../program.ts';

/** A running `karrigell serve`. */
export interface Program {
  readonly child: ChildProcess;
  readonly url: string;
  /** Its output so far, standard output and error together. */
  output(): string;
  /** Resolves with the match as soon as the output matches. */
  printed(what: RegExp): Promise<string>;
  /** Its exit code, or the signal that ended it, once it has ended. */
  readonly ended: Promise<number | string>;
}

/** Starts on a free port in a folder; killed at the end of the test if it still runs. */
export async function program(
  t: ExecutionContext,
  cwd: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  user: { readonly uid?: number; readonly gid?: number } = {},
): Promise<Program> {
  const child = spawn(process.execPath, [PROGRAM, '--port', '0', ...args], {
    ...user,
    cwd,
    env: { ...cleanEnvironment(), NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit').then(
    ([code, signal]: (number | string | null)[]) => code ?? signal ?? '',
  );
  t.teardown(() => {
    child.kill('SIGKILL');
    return ended;
  });
  const listeners = new Set<() => void>();
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      for (const listener of listeners) listener();
    });
  }
  const printed = (what: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = what.exec(text)?.[0];
        if (found === undefined) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      ended.then(() => reject(new Error(`it ended without printing ${what}:\n${text}`)));
      look();
    });
  const url = await printed(/http:\/\/\S+:\d+(?=\/\n)/);
  return { child, url, output: () => text, printed, ended };
}
