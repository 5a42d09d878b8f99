// The pause of somebody who asks for a lock again and again: 1, 2, 4 … 16 ms, each a little different, so that several
// processes that wait for one session do not ask at the same moments.

import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '../../../diagnostics/problem.ts';

const LONGEST_MS = 16;

/** Waits before the next try; a Problem when the visitor leaves meanwhile. */
export async function pauseBeforeRetry(tries: number, signal: AbortSignal | undefined): Promise<void> {
  const longest = Math.min(LONGEST_MS, 2 ** Math.min(tries, 10));
  try {
    await pause(longest * (0.5 + Math.random() / 2), undefined, signal ? { signal } : {});
  } catch (cause) {
    throw new Problem('session-visitor-left', { cause });
  }
}
