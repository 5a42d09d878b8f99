// The load: requests of the visitors in alternation over several connections, from a process of its own. wrk makes it if it is
// installed, else load-process.ts, which is slower and knows the exact number of answered requests.

import { execFile, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The requests to send. */
export interface Load {
  readonly url: string;
  readonly cookies: readonly string[];
  readonly connections: number;
  readonly seconds: number;
}

/** The load on all addresses of a server. */
export interface LoadOnAll extends Pick<Load, 'connections' | 'seconds'> {
  readonly targets: readonly Pick<Load, 'url' | 'cookies'>[];
}

/** The result of a load. */
export interface Answered {
  /** Requests with the response 200. */
  readonly answered: number;
  /** The largest number of further requests that were cut off at the end. */
  readonly cut: number;
}

/** A program that makes the load. */
export interface Generator {
  readonly name: 'wrk' | 'own';
  run(load: Load, folder: string): Promise<Answered>;
}

const wrk: Generator = { name: 'wrk', run: runWrk };
const own: Generator = { name: 'own', run: runOwn };

/** The program of this name, or else the best installed one. */
export function generatorOf(name: string | undefined): Generator {
  if (name !== undefined && name !== 'wrk' && name !== 'own') {
    throw new Error(`--generator is wrk or own, not ${name}`);
  }
  if (name === 'own') return own;
  if (hasWrk()) return wrk;
  if (name === 'wrk') throw new Error('wrk is not installed: apt-get install wrk');
  return own;
}

function hasWrk(): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v wrk'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The load over all addresses of a server at once: each gets its part of the connections. */
export async function loaded(
  generator: Generator,
  { targets, connections, seconds }: LoadOnAll,
  folder: string,
): Promise<Answered> {
  const each = { connections: Math.ceil(connections / targets.length), seconds };
  const parts = targets.map((target) => generator.run({ ...target, ...each }, folder));
  const results = await Promise.all(parts);
  return {
    answered: results.reduce((sum, { answered }) => sum + answered, 0),
    cut: results.reduce((sum, { cut }) => sum + cut, 0),
  };
}

/** The script of wrk. It builds the texts of the requests at its start; wrk counts the responses. */
function scriptFor(cookies: readonly string[]): string {
  return `
local cookies = { ${cookies.map((cookie) => JSON.stringify(cookie)).join(', ')} }
local requests, turn = {}, 0
function init()
  for index, cookie in ipairs(cookies) do requests[index] = wrk.format('GET', nil, { Cookie = cookie }) end
end
function request()
  turn = turn % #requests + 1
  return requests[turn]
end
function done(summary)
  local e = summary.errors
  io.write(string.format('answered %d, refused %d, broken %d\\n',
    summary.requests, e.status, e.connect + e.read + e.write + e.timeout))
end
`;
}

async function runWrk({ url, cookies, connections, seconds }: Load, folder: string): Promise<Answered> {
  const script = join(folder, `load-${new URL(url).port}.lua`);
  await writeFile(script, scriptFor(cookies));
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s', '-s', script, url];
  const { stdout, stderr } = await promisify(execFile)('wrk', args);
  const [, answered, refused, broken] = /answered (\d+), refused (\d+), broken (\d+)/.exec(stdout) ?? [];
  if (refused !== '0' || broken !== '0') throw new Error(`wrk: ${stdout}${stderr}`);
  return { answered: Number(answered), cut: connections };
}

async function runOwn(load: Load): Promise<Answered> {
  const child = fork(fileURLToPath(new URL('./load-process.js', import.meta.url)));
  const ended = once(child, 'exit');
  child.send(load);
  const [result] = await Promise.race([once(child, 'message'), ended.then(() => [])]);
  child.kill();
  await ended;
  if (typeof result !== 'number') throw new Error(`the load ended: ${String(result ?? 'it did not answer')}`);
  return { answered: result, cut: 0 };
}
