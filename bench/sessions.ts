// Requests that a second of the server's processor time answers: a page that counts in the sessions of 64 visitors, over
// each of our stores and with other servers, as ratios to a bare node:http server with a Map that sends the same headers. Each launch
// starts all servers anew, one after the other; medians of all launches and their spread are printed. Counts are checked: our
// server may lose none. Linux only; better with wrk and taskset.
// Run: npm run bench:sessions -- --launches 5 --seconds 4 --only memory,json

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median, shown, table } from './scale/figures.ts';
import { BARE } from './sessions/bare.ts';
import type { Contender } from './sessions/contender.ts';
import { EXPRESS } from './sessions/express.ts';
import { type Figures, launch, type Settings } from './sessions/launch.ts';
import { generatorOf } from './sessions/load.ts';
import { headersOfOurs, OURS } from './sessions/ours.ts';
import { PHP } from './sessions/php.ts';
import { pinSelf } from './sessions/processor.ts';
import { Services } from './sessions/services.ts';
import { VISITORS } from './sessions/visitors.ts';

const ALL: readonly Contender[] = [BARE, ...OURS, ...PHP, ...EXPRESS];

const { values } = parseArgs({
  options: {
    launches: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    warm: { type: 'string', default: '2' },
    connections: { type: 'string', default: '32' },
    only: { type: 'string' },
    generator: { type: 'string' },
  },
});

/** The figures of a contender, launch by launch; undefined for a launch that failed. */
type Results = ReadonlyMap<Contender, (Figures | undefined)[]>;

async function main(): Promise<void> {
  const settings: Settings = {
    generator: generatorOf(values.generator),
    connections: wholeNumber('connections', values.connections, 2),
    seconds: wholeNumber('seconds', values.seconds, 1),
    warm: wholeNumber('warm', values.warm, 0),
  };
  const launches = wholeNumber('launches', values.launches, 1);
  const asked = contendersOf(values.only);
  const pinned = pinSelf();
  const [services, folder] = [new Services(), await mkdtemp(join(tmpdir(), 'karrigell-bench-'))];
  try {
    const contenders = await present(asked);
    const [headersFolder, common] = [await mkdtemp(join(folder, 'headers-')), { services, pinned }];
    const headers = await headersOfOurs({ ...common, folder: headersFolder, number: 0, headers: [] });
    const results: Results = new Map(contenders.map((contender) => [contender, []]));
    for (let number = 1; number <= launches; number++) {
      for (const [contender, figures] of results) {
        const result = await tried(contender, number, () =>
          launch(contender, { ...common, headers, number }, folder, settings),
        );
        figures.push(result);
      }
    }
    report(results, settings, launches, pinned);
  } finally {
    await services.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

function wholeNumber(name: string, text: string, least: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least) return number;
  throw new Error(`--${name} is a whole number of at least ${least}, not ${text}`);
}

/** The named contenders, or all but the optional ones. The bare server is always among them. */
function contendersOf(only: string | undefined): readonly Contender[] {
  if (only === undefined) return ALL.filter(({ onlyByName }) => !onlyByName);
  const names = only.split(',').map((name) => name.trim());
  const known = ALL.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`--only knows ${known.join(', ')}, not ${unknown}`);
  return ALL.filter((contender) => contender === BARE || names.includes(contender.name));
}

/** The contenders whose programs are installed. For each other one, the missing program is printed. */
async function present(contenders: readonly Contender[]): Promise<Contender[]> {
  const found: Contender[] = [];
  for (const contender of contenders) {
    const missing = await contender.missing();
    if (missing === undefined) found.push(contender);
    else console.log(`${contender.name} is skipped: ${missing}`);
  }
  return found;
}

/** If a contender fails, the figures of the others are kept. */
async function tried(
  { name }: Contender,
  number: number,
  run: () => Promise<Figures>,
): Promise<Figures | undefined> {
  try {
    const figures = await run();
    console.error(`launch ${number}, ${name}: ${Math.round(figures.rate)}`);
    return figures;
  } catch (error) {
    console.log(
      `launch ${number}, ${name} failed: ${error instanceof Error ? error.message : String(error)}`,
    );
    process.exitCode = 1;
    return undefined;
  }
}

function report(results: Results, settings: Settings, launches: number, pinned: boolean): void {
  const { generator, connections, seconds, warm } = settings;
  const cores = pinned
    ? 'server on core 0, all else on core 1'
    : 'not bound to cores (no taskset, or one core)';
  console.log(
    `\n${launches} launches of ${seconds} s after ${warm} s, ${VISITORS} visitors, ${connections} connections, ` +
      `load by ${generator.name === 'wrk' ? 'wrk' : 'our own generator'}, ${cores}, Node ${process.version}\n`,
  );
  const bare = results.get(BARE) ?? [];
  console.log(
    table([
      ['name', 'server and sessions', 'of bare', 'from', 'to', 'requests/CPU s', 'busy', 'lost'],
      ...[...results].map(([contender, figures]) => rowOf(contender, figures, bare)),
    ]),
  );
}

function rowOf(
  { name, about }: Contender,
  figures: readonly (Figures | undefined)[],
  bare: readonly (Figures | undefined)[],
): string[] {
  const there = figures.filter((each) => each !== undefined);
  // The ratio of one launch, because other load on the machine reached both servers.
  const ratios = figures.flatMap((each, index) => {
    const base = bare[index];
    return each === undefined || base === undefined ? [] : [each.rate / base.rate];
  });
  const none = there.length === 0;
  const lost = Math.max(0, ...there.map((each) => each.lost));
  return [
    name,
    about,
    ...[median(ratios), Math.min(...ratios), Math.max(...ratios)].map(ratioText),
    none ? '-' : String(Math.round(median(there.map(({ rate }) => rate)))),
    none ? '-' : `${Math.round(median(there.map(({ busy }) => busy)) * 100)} %`,
    none ? '-' : lost === 0 ? 'none' : `${shown(lost * 100)} %`,
  ];
}

/** No figures if all launches failed. */
function ratioText(ratio: number): string {
  return Number.isFinite(ratio) ? ratio.toFixed(3) : '-';
}

// The exit of this program ends the programs that it has started.
process.once('SIGINT', () => process.exit(130));
await main();
