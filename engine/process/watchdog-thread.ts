// The watchdog thread of a worker. If the worker has had no heartbeat for `limits.page_timeout` seconds, its main thread is stuck in a
// loop or in a system call. Then this thread finds the line by the debugger's protocol, logs it and kills the process. The parent
// starts another worker.

import { readFileSync, writeSync } from 'node:fs';
import { type Debugger, Session } from 'node:inspector';
import { isAbsolute, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { Problem } from '../diagnostics/problem.ts';
import { isPageFile } from '../pages/hidden-names.ts';
import { isInside } from '../pages/site-paths.ts';
import { messages } from './messages.ts';
import {
  BEAT_MS,
  BEATS,
  IN_DEBUGGER,
  LIMIT_SECONDS,
  type WatchdogSettings,
  type WatchdogStart,
} from './watchdog.ts';

/** The main thread gets this long to answer the debugger. */
const ANSWER_MS = 2000;

const { shared, settings: first }: WatchdogStart = workerData;
let settings = first;
parentPort?.on('message', (next: WatchdogSettings) => {
  settings = next;
});
// The port alone would keep the thread running.
parentPort?.unref();

const STANDARD_ERROR = 2;
const say = messages({
  write: (text) => writeSync(STANDARD_ERROR, text),
  now: Date.now,
  colours: first.colours,
  settings: () => settings,
});

await untilStuck();
say('error', `worker ${process.pid} is ended, and another one takes its place`, await stuckProblem());
process.kill(process.pid, 'SIGKILL');

/** Resolves when there was no heartbeat for too long. Time in which this thread did not run either does not count. */
async function untilStuck(): Promise<void> {
  let beats = -1;
  let silent_ms = 0;
  let last = performance.now();
  while (silent_ms < Atomics.load(shared, LIMIT_SECONDS) * 1000) {
    await pause(BEAT_MS);
    const now = performance.now();
    const elapsed = Math.min(now - last, 2 * BEAT_MS);
    last = now;
    const seen = Atomics.load(shared, BEATS);
    silent_ms = seen === beats && Atomics.load(shared, IN_DEBUGGER) === 0 ? silent_ms + elapsed : 0;
    beats = seen;
  }
}

/** The Problem, at the line of the site that runs. */
async function stuckProblem(): Promise<Problem> {
  const seconds = Atomics.load(shared, LIMIT_SECONDS);
  const calls = await stuckCalls();
  const innermost = calls.find(({ file }) => isInside(settings.root_dir, file));
  const page = calls.find(({ file }) => isPageFile(file)) ?? innermost ?? calls[0];
  const where = page === undefined ? 'a call of the system' : relative(settings.root_dir, page.file);
  const position = innermost === undefined ? {} : positionOf(innermost);
  const found = new Problem('worker-stuck', { ...position, params: { seconds, where } });
  found.stack = [`${found.name}: ${found.message}`, ...calls.map(stackLine)].join('\n');
  return found;
}

/** A call on the stack of the main thread. Lines and columns count from 1. */
interface StuckCall {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The stack of the main thread, innermost call first; empty if the thread does not answer. */
async function stuckCalls(): Promise<readonly StuckCall[]> {
  const session = new Session();
  const files = new Map<string, string>();
  session.on('Debugger.scriptParsed', ({ params }) => files.set(params.scriptId, fileOf(params.url)));
  const answered = new Promise<readonly StuckCall[]>((resolve) => {
    session.on('Debugger.paused', ({ params }) => {
      resolve(params.callFrames.map((frame) => stuckCallOf(frame, files)));
    });
  });
  session.connectToMainThread();
  session.post('Debugger.enable');
  session.post('Debugger.pause');
  return Promise.race([answered, pause(ANSWER_MS, [])]);
}

function fileOf(url: string): string {
  return url.startsWith('file:') ? fileURLToPath(url) : url;
}

function stuckCallOf(frame: Debugger.CallFrame, files: ReadonlyMap<string, string>): StuckCall {
  const { scriptId, lineNumber, columnNumber = 0 } = frame.location;
  const file = files.get(scriptId) ?? frame.url;
  return { name: frame.functionName, file, line: lineNumber + 1, column: columnNumber + 1 };
}

/** The position of a call. The column is that of the line's first character, because only the main thread has the columns' maps. */
function positionOf({ file, line }: StuckCall): { file: string; line: number; column: number } {
  return { file, line, column: Math.max(lineOf(file, line).search(/\S/), 0) + 1 };
}

function lineOf(file: string, line: number): string {
  try {
    return (isAbsolute(file) ? readFileSync(file, 'utf8') : '').split('\n')[line - 1] ?? '';
  } catch {
    return '';
  }
}

function stackLine({ name, file, line, column }: StuckCall): string {
  return `    at ${name === '' ? '<anonymous>' : name} (${file}:${line}:${column})`;
}
