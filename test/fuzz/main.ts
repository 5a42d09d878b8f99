// npm run fuzz -- --seconds 600 --target compile --seed 1
// Looks for inputs that break a rule, target after target, each in a process of its own: one that hangs is stopped and its
// input is known. A failure is printed with what repeats it, and kept in corpus/, which the tests try again.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { keepInput } from './corpus.ts';
import { type RunResult, runTarget } from './run.ts';
import { TARGETS } from './targets/index.ts';

/** Without --seconds, for all targets together. */
const DEFAULT_SECONDS = 240;

/** One input may take so long. */
const HANGS_AFTER_MS = 30_000;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    seed: { type: 'string' },
    path: { type: 'string' },
    target: { type: 'string', multiple: true },
    /** The file that the inputs are written to before they are tried; given to the processes that try them. */
    current: { type: 'string' },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const targets = TARGETS.filter(({ name }) => values.target?.includes(name) ?? true);
const milliseconds = (Number(values.seconds ?? DEFAULT_SECONDS) * 1000) / Math.max(1, targets.length);

if (values.current !== undefined) await tryHere(values.current);
else await tryAll();

/** In the process of one target. */
async function tryHere(current: string): Promise<void> {
  const [target] = targets;
  if (target === undefined) return;
  const before = (input: unknown): void => writeFileSync(current, JSON.stringify(input));
  process.send?.(await runTarget(target, { seed, path: values.path, milliseconds, before }));
}

async function tryAll(): Promise<void> {
  if (targets.length === 0) {
    console.error(`no such target; there are: ${TARGETS.map(({ name }) => name).join(', ')}`);
    process.exitCode = 2;
  }
  for (const { name } of targets) {
    const { runs, failure } = await tryApart(name);
    console.log(`${name}: seed ${seed}, ${failure === undefined ? `${runs} inputs` : 'FAILED'}`);
    if (failure === undefined) continue;
    process.exitCode = 1;
    const { input, message, path } = failure;
    const at = path === '' ? '' : ` --path ${path}`;
    console.log(`  input: ${JSON.stringify(input)}`);
    console.log(`  ${message.replaceAll('\n', '\n  ')}`);
    console.log(`  again: npm run fuzz -- --target ${name} --seed ${seed}${at}`);
    console.log(`  kept:  ${keepInput(name, { input, found: message })}`);
  }
}

/** Tries one target in a process of its own. */
async function tryApart(name: string): Promise<RunResult> {
  const folder = mkdtempSync(join(tmpdir(), 'karrigell-fuzz-'));
  const current = join(folder, 'current.json');
  const args = ['--target', name, '--seed', String(seed), '--seconds', String(milliseconds / 1000)];
  if (values.path !== undefined) args.push('--path', values.path);
  try {
    return await resultOf([...args, '--current', current], current);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function resultOf(args: readonly string[], current: string): Promise<RunResult> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = (message: string): RunResult => {
    const input: unknown = JSON.parse(readFileSync(current, 'utf8'));
    return { runs: 0, failure: { path: '', input, message } };
  };
  return new Promise((resolve) => {
    let result: RunResult | undefined;
    const watch = setInterval(() => {
      if (isStuck(current)) child.kill('SIGKILL');
    }, 1000);
    child.once('message', (message: RunResult) => {
      result = message;
      child.disconnect();
    });
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      resolve(result ?? ended(signal === 'SIGKILL' ? 'hangs' : `ended its process with ${code ?? signal}`));
    });
  });
}

/** Whether the same input is tried for too long. */
function isStuck(current: string): boolean {
  const began = statSync(current, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  return Date.now() - began > HANGS_AFTER_MS;
}
