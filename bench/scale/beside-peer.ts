// What a peer's large store costs beside its small one, and how long its sweep holds the event loop.

import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { median, shown } from './figures.ts';
import { type Pauses, pausesDuring } from './pauses.ts';
import type { PeerShelf } from './peers.ts';
import { rowsOf } from './requests.ts';

/** Rows for the table: milliseconds of the large and the small store, and the ratio. */
export function peerRequestRows(large: PeerShelf, small: PeerShelf, rounds: number): Promise<string[][]> {
  return rowsOf([{ name: 'load and write', run: (shelf) => shelf.visit() }], large, small, rounds);
}

/** Rows for the table: a whole sweep, as it goes in one piece, and the longest pause meanwhile. */
export async function peerSweepRows(shelves: readonly PeerShelf[], rounds: number): Promise<string[][]> {
  const rows: string[][] = [];
  for (const shelf of shelves) {
    const sweeps = await sweepsOf(shelf, rounds);
    const figure = (of: (sweep: Sweep) => number) => {
      const each = sweeps.map(of);
      return `${shown(median(each))} (${shown(Math.max(...each))}) ms`;
    };
    rows.push([
      `of ${shelf.count}`,
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

async function sweepsOf(shelf: PeerShelf, rounds: number): Promise<Sweep[]> {
  const sweeps: Sweep[] = [];
  for (let round = 0; round < rounds; round++) {
    await shelf.putOver();
    let took = 0;
    const pauses = await pausesDuring(async () => {
      await turnOfLoop();
      const began = performance.now();
      await shelf.sweep();
      took = performance.now() - began;
      await turnOfLoop();
    });
    sweeps.push({ ...pauses, took });
  }
  return sweeps;
}
