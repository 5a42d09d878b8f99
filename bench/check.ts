// CPU seconds and seconds of `karrigell check` on a site of 1,000 pages with forms, beside those of compiling each page once and of the
// run of tsc that it needs. The programs run in alternation, each as a new process; the figures are medians.
// Run: npm run bench:check -- [pages] [rounds]

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeSite } from './check/site.ts';
import type { TypesSpent } from './check/types-once.ts';
import { median, shown, table } from './scale/figures.ts';

const [pages = 1000, rounds = 3] = process.argv.slice(2).map(Number);
const dist = fileURLToPath(new URL('..', import.meta.url));
// In the repository, because `check` takes TypeScript from the folders above.
const folder = mkdtempSync(join(dist, 'check-'));
const site = join(folder, 'site');

const programs = {
  check: [join(dist, 'engine/cli/main.js'), 'check', '--config', join(folder, 'karrigell.config.json')],
  compile: [fileURLToPath(new URL('./check/compile-once.js', import.meta.url)), site],
  tsc: [fileURLToPath(new URL('./check/types-once.js', import.meta.url)), folder],
};
type Name = keyof typeof programs;
interface Spent {
  /** CPU seconds. */
  readonly cpu: number;
  /** Seconds. */
  readonly time: number;
}
const names = Object.keys(programs) as Name[];
const figures: Record<Name, Spent[]> = { check: [], compile: [], tsc: [] };

try {
  writeSite(folder, pages);
  for (let round = 0; round < rounds; round++) for (const name of names) figures[name].push(spent(name));
  const check = medianOf('check');
  const wanted = sum(medianOf('compile'), medianOf('tsc'));
  const rows = [...names.map((name) => [name, medianOf(name)] as const), ['compile + tsc', wanted] as const];
  console.log(
    table([
      ['', 'CPU s', 's'],
      ...rows.map(([name, { cpu, time }]) => [name, shown(cpu), shown(time)]),
      ['check / that', shown(check.cpu / wanted.cpu), shown(check.time / wanted.time)],
    ]),
  );
} finally {
  rmSync(folder, { recursive: true });
}

/** The seconds of a program with its children, as the shell measures them; of tsc alone, as `types-once` measures it. */
function spent(name: Name): Spent {
  const timed = 'TIMEFORMAT="%R %U %S"; time "$@" 2> /dev/null';
  const { stdout, stderr } = spawnSync('bash', ['-c', timed, 'bash', process.execPath, ...programs[name]], {
    encoding: 'utf8',
  });
  const [real = 0, user = 0, system = 0] = stderr.trim().split(' ').map(Number);
  if (name !== 'tsc') return { cpu: user + system, time: real };
  const { beside, time } = JSON.parse(stdout) as TypesSpent;
  return { cpu: user + system - beside, time };
}

function medianOf(name: Name): Spent {
  const spents = figures[name];
  return { cpu: median(spents.map(({ cpu }) => cpu)), time: median(spents.map(({ time }) => time)) };
}

function sum(a: Spent, b: Spent): Spent {
  return { cpu: a.cpu + b.cpu, time: a.time + b.time };
}
