// A store that is away, as its tests meet it.

import { setTimeout as pause } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { Problem } from '../../../engine/diagnostics/problem.ts';

/** Two seconds are promised; a machine with much to do gets more, but less than the five that a claim would wait. */
export const NOT_HUNG_MS = 4500;

export async function problemOf(t: ExecutionContext, run: () => unknown): Promise<Problem | undefined> {
  return t.throwsAsync(async () => run(), { instanceOf: Problem });
}

/** How long it takes to say that the store is away. */
export async function awayAfter(t: ExecutionContext, run: () => unknown): Promise<number> {
  const began = performance.now();
  const problem = await problemOf(t, run);
  t.is(problem?.code, 'session-store-unavailable');
  t.is(problem?.status, 503);
  return performance.now() - began;
}

/** Tries until the store answers again. */
export async function whenBack<T>(run: () => T | Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'session-store-unavailable') throw error;
      await pause(10);
    }
  }
}
