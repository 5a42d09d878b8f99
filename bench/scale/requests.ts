// The time of requests in a large store beside a small one: loading and writing a session, beginning one, moving a deadline. The
// rounds alternate, so that other load on the machine reaches both.

import { at, median, shown } from './figures.ts';
import type { FilledStore } from './filled-store.ts';
import { look, visit } from './visit.ts';

const IN_A_ROUND = 200;

/** One operation, measured in a large and a small place of one kind. */
interface Work<Place> {
  readonly name: string;
  run(place: Place): Promise<unknown>;
}

const WORKS: readonly Work<FilledStore>[] = [
  { name: 'load and write', run: ({ sessions, someCookie }) => visit(sessions, someCookie(), countUp) },
  { name: 'begin', run: ({ sessions }) => visit(sessions, undefined, countUp) },
  { name: 'move the deadline', run: ({ sessions, someCookie }) => look(sessions, someCookie()) },
];

/** Rows for the table: milliseconds of the large and the small store, and the ratio. */
export function requestRows(large: FilledStore, small: FilledStore, rounds: number): Promise<string[][]> {
  return rowsOf(WORKS, large, small, rounds);
}

/** The same rows for any operations. */
export async function rowsOf<Place>(
  works: readonly Work<Place>[],
  large: Place,
  small: Place,
  rounds: number,
): Promise<string[][]> {
  const rows: string[][] = [];
  for (const work of works) {
    const times = await alternately(work, large, small, rounds);
    rows.push(
      rowOf(`${work.name}, median`, times, median),
      rowOf(`${work.name}, p99`, times, (all) => at(0.99, all)),
    );
  }
  return rows;
}

/** A page that writes its session. */
export function countUp(session: object): void {
  Reflect.set(session, 'count', Number(Reflect.has(session, 'count') && Reflect.get(session, 'count')) + 1);
}

interface Rounds {
  readonly large: number[][];
  readonly small: number[][];
}

async function alternately<Place>(
  work: Work<Place>,
  large: Place,
  small: Place,
  rounds: number,
): Promise<Rounds> {
  const times: Rounds = { large: [], small: [] };
  for (let round = 0; round <= rounds; round++) {
    const inSmall = await timesOf(work, small);
    const inLarge = await timesOf(work, large);
    if (round === 0) continue;
    times.small.push(inSmall);
    times.large.push(inLarge);
  }
  return times;
}

async function timesOf<Place>(work: Work<Place>, place: Place): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < IN_A_ROUND; i++) {
    const began = performance.now();
    await work.run(place);
    times.push(performance.now() - began);
  }
  return times;
}

/** The median of the rounds' figures, and of the ratios of each round. */
function rowOf(name: string, { large, small }: Rounds, figure: (times: number[]) => number): string[] {
  const ratios = large.map((times, round) => figure(times) / figure(small[round] ?? []));
  const ms = (rounds: number[][]) => `${shown(median(rounds.map(figure)))} ms`;
  return [name, ms(large), ms(small), shown(median(ratios))];
}
