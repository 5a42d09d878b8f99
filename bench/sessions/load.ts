// The load: requests of the visitors in turn over so many connections, from a process of its own. By wrk where it is
// installed, else by load-process.ts, which is slower and knows exactly how many requests were answered.

import { execFile, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What is asked for. */
export interface Load {
  readonly url: string;
  readonly cookies: readonly string[];
  readonly connections: number;
  readonly seconds: number;
}

/** What came of it. */
export interface Answered {
  /** Requests that were answered with 200. */
  readonly answered: number;
  /** At most so many more were sent, and cut off at the end. */
  readonly cut: number;
}

/** A program that makes load. */
export interface Generator {
  readonly name: 'wrk' | 'own';
  run(load: Load, folder: string): Promise<Answered>;
}

const wrk: Generator = { name: 'wrk', run: runWrk };
const own: Generator = { name: 'own', run: runOwn };

/** The one of this name, or else the best that is here. */
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

/** The load over all addresses of a server at once: each gets its part of the connections, and all the visitors. */
export async function loaded(
  generator: Generator,
  { urls, cookies, connections, seconds }: Omit<Load, 'url'> & { readonly urls: readonly string[] },
  folder: string,
): Promise<Answered> {
  const parts = urls.map((url, index) => {
    // Where two servers began with the same visitor, they would wait for each other all the time.
    const first = Math.floor((cookies.length * index) / urls.length);
    const inTurn = [...cookies.slice(first), ...cookies.slice(0, first)];
    const load = { url, cookies: inTurn, connections: Math.ceil(connections / urls.length), seconds };
    return generator.run(load, folder);
  });
  const results = await Promise.all(parts);
  return {
    answered: results.reduce((sum, { answered }) => sum + answered, 0),
    cut: results.reduce((sum, { cut }) => sum + cut, 0),
  };
}

/** Texts of requests are made beforehand; what they are answered with is counted by wrk itself. */
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
