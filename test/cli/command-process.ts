// Many command lines in one process, because a start costs more than most commands. The start and
// the end of the program are tested with karrigell.ts.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { cleanEnvironment } from '../program.ts';
import type { Ran } from './karrigell.ts';

const child_file = fileURLToPath(new URL('./command-child.js', import.meta.url));

/** Runs a command line to its end. */
export type RunCommand = (args: readonly string[]) => Promise<Ran>;

/** Starts the process in a folder; it ends with the test. */
export function commandProcess(t: ExecutionContext, cwd: string): RunCommand {
  const child = spawn(process.execPath, [child_file], { cwd, env: cleanEnvironment() });
  const ended = once(child, 'close');
  t.teardown(async () => {
    child.stdin.end();
    await ended;
  });
  const [out, err] = [parts(child.stdout), parts(child.stderr)];
  return async (args) => {
    child.stdin.write(`${JSON.stringify(args)}\n`);
    const [stdout, code, stderr] = [await next(out), await next(out), await next(err)];
    return { stdout, stderr, code: Number(code) };
  };
}

/** The text of a stream up to each NUL. */
async function* parts(stream: Readable): AsyncGenerator<string, undefined> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    text += chunk;
    for (let end = text.indexOf('\0'); end >= 0; end = text.indexOf('\0')) {
      yield text.slice(0, end);
      text = text.slice(end + 1);
    }
  }
  return undefined;
}

async function next(texts: AsyncGenerator<string, undefined>): Promise<string> {
  const { value } = await texts.next();
  if (value === undefined) throw new Error('the process of commands has ended');
  return value;
}
