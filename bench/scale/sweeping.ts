// What the sweep costs in a large store beside a small one, step by step in turn, so that both meet the same weather.

import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { median, shown } from './figures.ts';
import type { Shelf } from './shelf.ts';

/** What the steps of a round took. */
interface Round {
  removed: number;
  /** Milliseconds of each step. */
  readonly steps: number[];
  /** Milliseconds of this process' work, on all its threads. */
  work: number;
}

/** Rows for the table: a round with one session in fifty over, and one with none. */
export async function sweepRows(large: Shelf, small: Shelf): Promise<string[][]> {
  const rows: string[][] = [];
  for (const name of ['one in fifty is over', 'none is over']) {
    const over = name.startsWith('one') ? [await large.putOver(), await small.putOver()] : [0, 0];
    const [ofLarge, ofSmall] = await roundsOf(large, small);
    rows.push(
      [`${name}, of ${large.count}`, ...cellsOf(ofLarge, large.count, over[0] ?? 0)],
      [`${name}, of ${small.count}`, ...cellsOf(ofSmall, small.count, over[1] ?? 0)],
    );
  }
  return rows;
}

async function roundsOf(large: Shelf, small: Shelf): Promise<readonly [Round, Round]> {
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

/** Sweeps for so long, round after round; goes on where it stopped when called again. */
export function sweeperOf(shelf: Shelf): (milliseconds: number) => Promise<void> {
  let steps = stepsOf(shelf, emptyRound());
  return async (milliseconds) => {
    for (const began = performance.now(); performance.now() - began < milliseconds; ) {
      const { value: step } = steps.next();
      if (step === undefined) steps = stepsOf(shelf, emptyRound());
      else await step();
    }
  };
}

/** The steps of a round, to be done one after the other. */
function* stepsOf({ swept }: Shelf, round: Round): Generator<() => Promise<void>, undefined> {
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
      await turnOfLoop();
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
