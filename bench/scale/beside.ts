// What the sweep of a large store does to those who visit meanwhile: the pauses of the event loop and the time of a
// visit, in rounds with and without a sweep.

import { setTimeout as pause } from 'node:timers/promises';
import { at, median, shown } from './figures.ts';
import { type Pauses, pausesDuring } from './pauses.ts';
import { countUp } from './requests.ts';
import type { Shelf } from './shelf.ts';
import { sweeperOf } from './sweeping.ts';
import { visit } from './visit.ts';

const VISIT_EVERY_MS = 5;
const ROUND_MS = 2000;

interface Measured extends Pauses {
  /** Milliseconds of the visits. */
  readonly visits: readonly number[];
}

/** Rows for the table: nothing else, visits, visits and the sweep. */
export async function pauseRows(shelf: Shelf, rounds: number): Promise<string[][]> {
  const sweep = sweeperOf(shelf);
  const phases = [
    { name: 'nothing else', work: () => pause(ROUND_MS) },
    { name: 'visits', work: () => visitsUntil(shelf, pause(ROUND_MS)) },
    { name: 'visits and sweep', work: () => visitsUntil(shelf, sweep(ROUND_MS)) },
  ].map((phase) => ({ ...phase, measured: [] as Measured[] }));
  for (let round = 0; round < rounds; round++) {
    await shelf.putOver();
    for (const { work, measured } of phases) {
      let visits: readonly number[] = [];
      const pauses = await pausesDuring(async () => {
        visits = (await work()) ?? [];
      });
      measured.push({ ...pauses, visits });
    }
  }
  return phases.map(({ name, measured }) => [name, ...cellsOf(measured)]);
}

/** Requests one after another, until something is done. */
async function visitsUntil(shelf: Shelf, done: Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let running = true;
  const stop = () => {
    running = false;
  };
  done.then(stop, stop);
  while (running) {
    await pause(VISIT_EVERY_MS);
    const began = performance.now();
    await visit(shelf.sessions, shelf.someCookie(), countUp);
    times.push(performance.now() - began);
  }
  await done;
  return times;
}

/** Of the longest pause in each round: the median, and the longest of all; of the visits: the median and the p99. */
function cellsOf(measured: readonly Measured[]): string[] {
  const pauses = (of: (round: Measured) => number) => {
    const each = measured.map(of);
    return `${shown(median(each))} (${shown(Math.max(...each))}) ms`;
  };
  const visits = measured.map((round) => round.visits);
  return [
    pauses(({ longest }) => longest),
    pauses(({ own }) => own),
    pauses(({ work }) => work),
    pauses(({ monitored }) => monitored),
    `${shown(median(visits.map(median)))} ms`,
    `${shown(median(visits.map((times) => at(0.99, times))))} ms`,
  ];
}
