// The time to compile a page grows with its length and not faster: some tokens so many times, twice as many, four times as
// many. The CPU time of this process, at best of a few tries; short times are left out.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compile, Problem } from '../../../engine/index.ts';
import { isTexts, target } from '../target.ts';
import { token } from './page-sources.ts';

const FIRST_LENGTH = 4000;
const TRIES = 3;
/** Below, other things than the length decide. */
const SHORTEST_MS = 80;
/** Four times the length: 4 for linear time, 16 for quadratic time. */
const MOST_GROWTH = 9;

export const compileTimeTarget = target<string[]>({
  name: 'compile-time',
  inputs: fc.array(token, { minLength: 1, maxLength: 4 }),
  timed: true,
  isInput: isTexts,
  open: async () => ({
    holds(tokens) {
      const piece = tokens.join('');
      const times = Math.ceil(FIRST_LENGTH / piece.length);
      let growth = 0;
      for (let tries = 0; tries < TRIES; tries++) {
        const long = milliseconds(piece.repeat(times * 4));
        if (long < SHORTEST_MS) return;
        growth = long / Math.max(1, milliseconds(piece.repeat(times)));
        if (growth < MOST_GROWTH) return;
      }
      assert.fail(
        `${times * 4} times ${JSON.stringify(piece)} takes ${growth.toFixed(1)} times as long as ${times} times`,
      );
    },
  }),
});

function milliseconds(source: string): number {
  const before = process.cpuUsage();
  try {
    compile(source, { file: 'fuzz.pih' });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
  return process.cpuUsage(before).user / 1000;
}
