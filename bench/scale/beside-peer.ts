// A peer's large store beside its small one: the time of requests, and how long its sweep blocks the event loop.

import { setImmediate as nextLoopTurn } from 'node:timers/promises';
import { median, shown } from './figures.ts';
import { type Pauses, pausesDuring } from './pauses.ts';
import type { FilledPeer } from './peers.ts';
import { rowsOf } from './requests.ts';

/** Rows for the table: milliseconds of the large and the small store, and the ratio. */
export function peerRequestRows(large: FilledPeer, small: FilledPeer, rounds: number): Promise<string[][]> {
  return rowsOf([{ name: 'load and write', run: (store) => store.visit() }], large, small, rounds);
}

/** Rows for the table: a whole sweep, which is one piece, and the longest pause during it. */
export async function peerSweepRows(stores: readonly FilledPeer[], rounds: number): Promise<string[][]> {
  const rows: string[][] = [];
  for (const store of stores) {
    const sweeps = await sweepsOf(store, rounds);
    const figure = (of: (sweep: Sweep) => number) => {
      const each = sweeps.map(of);
      return `${shown(median(each))} (${shown(Math.max(...each))}) ms`;
    };
    rows.push([
      `of ${store.count}`,
      figure(({ took }) => took),
      figure(({ longest }) => longest),
      figure(({ own }) => own),
      figure(({ work }) => work),
    ]);
  }
  return rows;
}

interface Sweep extends Pauses {
  readonly took: number;
}

async function sweepsOf(store: FilledPeer, rounds: number): Promise<Sweep[]> {
  const sweeps: Sweep[] = [];
  for (let round = 0; round < rounds; round++) {
    await store.addExpired();
    let took = 0;
    const pauses = await pausesDuring(async () => {
      await nextLoopTurn();
      const began = performance.now();
      await store.sweep();
      took = performance.now() - began;
      await nextLoopTurn();
    });
    sweeps.push({ ...pauses, took });
  }
  return sweeps;
}
