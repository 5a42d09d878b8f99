// The time of the sweep in a large store beside a small one. The steps alternate, so that other load on the machine reaches both.

import { setImmediate as nextLoopTurn } from 'node:timers/promises';
import { median, shown } from './figures.ts';
import type { FilledStore } from './filled-store.ts';

/** The times of the steps of a round. */
interface Round {
  removed: number;
  /** Milliseconds of each step. */
  readonly steps: number[];
  /** CPU time of this process in milliseconds, on all its threads. */
  work: number;
}

/** Rows for the table: a round with one expired session for every fifty, and one with none. */
export async function sweepRows(large: FilledStore, small: FilledStore): Promise<string[][]> {
  const rows: string[][] = [];
  for (const name of ['one in fifty is over', 'none is over']) {
    const over = name.startsWith('one') ? [await large.addExpired(), await small.addExpired()] : [0, 0];
    const [ofLarge, ofSmall] = await roundsOf(large, small);
    rows.push(
      [`${name}, of ${large.count}`, ...cellsOf(ofLarge, large.count, over[0] ?? 0)],
      [`${name}, of ${small.count}`, ...cellsOf(ofSmall, small.count, over[1] ?? 0)],
    );
  }
  return rows;
}

async function roundsOf(large: FilledStore, small: FilledStore): Promise<readonly [Round, Round]> {
  const rounds = [emptyRound(), emptyRound()] as const;
  const sweeps = [stepsOf(large, rounds[0]), stepsOf(small, rounds[1])];
  for (let left = true; left; ) {
    left = false;
    for (const steps of sweeps) {
      const { value: step } = steps.next();
      if (step === undefined) continue;
      await step();
      left = true;
    }
  }
  return rounds;
}

/** A function that sweeps for some milliseconds, round after round. The next call continues where the last one stopped. */
export function sweeperOf(store: FilledStore): (milliseconds: number) => Promise<void> {
  let steps = stepsOf(store, emptyRound());
  return async (milliseconds) => {
    for (const began = performance.now(); performance.now() - began < milliseconds; ) {
      const { value: step } = steps.next();
      if (step === undefined) steps = stepsOf(store, emptyRound());
      else await step();
    }
  };
}

/** The steps of a round, in their order. */
function* stepsOf({ swept }: FilledStore, round: Round): Generator<() => Promise<void>, undefined> {
  const { sweepSteps: all, sweepLimit: limit = Number.POSITIVE_INFINITY } = swept;
  for (let step = 0; step < all; ) {
    let removed = 0;
    yield async () => {
      const [began, cpu] = [performance.now(), process.cpuUsage()];
      removed = await swept.sweep(step);
      round.steps.push(performance.now() - began);
      const { user, system } = process.cpuUsage(cpu);
      round.work += (user + system) / 1000;
      round.removed += removed;
      await nextLoopTurn();
    };
    if (removed < limit) step++;
  }
}

function cellsOf({ removed, steps, work }: Round, count: number, over: number): string[] {
  const all = steps.reduce((sum, step) => sum + step, 0);
  const each = (milliseconds: number) => `${shown((milliseconds * 1000) / count)} µs`;
  return [
    `${removed} of ${over}`,
    String(steps.length),
    `${shown(median(steps))} ms`,
    `${shown(Math.max(...steps))} ms`,
    `${shown(all)} ms`,
    each(all),
    each(work),
  ];
}

function emptyRound(): Round {
  return { removed: 0, steps: [], work: 0 };
}
