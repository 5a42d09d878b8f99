// The effect of the sweep of a large store on visitors: the pauses of the event loop and the time of a visit, in rounds with and
// without a sweep.

import { setTimeout as pause } from 'node:timers/promises';
import { at, median, shown } from './figures.ts';
import type { FilledStore } from './filled-store.ts';
import { type Pauses, pausesDuring } from './pauses.ts';
import { countUp } from './requests.ts';
import { sweeperOf } from './sweeping.ts';
import { visit } from './visit.ts';

const VISIT_EVERY_MS = 5;
const ROUND_MS = 2000;

interface Measured extends Pauses {
  /** Milliseconds of the visits. */
  readonly visits: readonly number[];
}

/** Rows for the table: an idle process, visits, visits and the sweep. */
export async function pauseRows(store: FilledStore, rounds: number): Promise<string[][]> {
  const sweep = sweeperOf(store);
  const phases = [
    { name: 'nothing else', work: () => pause(ROUND_MS) },
    { name: 'visits', work: () => visitsUntil(store, pause(ROUND_MS)) },
    { name: 'visits and sweep', work: () => visitsUntil(store, sweep(ROUND_MS)) },
  ].map((phase) => ({ ...phase, measured: [] as Measured[] }));
  for (let round = 0; round < rounds; round++) {
    await store.addExpired();
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

/** Sends one request after another until `done` is settled. Returns their milliseconds. */
async function visitsUntil(store: FilledStore, done: Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let running = true;
  const stop = () => {
    running = false;
  };
  done.then(stop, stop);
  while (running) {
    await pause(VISIT_EVERY_MS);
    const began = performance.now();
    await visit(store.sessions, store.someCookie(), countUp);
    times.push(performance.now() - began);
  }
  await done;
  return times;
}

/** The median and the maximum of the longest pauses of the rounds; the median and the p99 of the visits. */
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
