// The stack of a call, kept for an error that is detected after the page has ended and its own stack is gone.

import type { Problem } from './problem.ts';
import { copyFrames } from './stack-frames.ts';
import { errorProperty } from './thrown.ts';

/** Captures the stack. V8 formats it only when it is read. */
export class CallPlace {
  declare readonly stack: string | undefined;

  constructor() {
    Error.captureStackTrace(this, CallPlace);
  }
}

/** Gives a problem the stack of the call that caused it; returns the problem. */
export function placedAt(problem: Problem, place: CallPlace | undefined): Problem {
  if (place?.stack === undefined) return problem;
  const [, frames = ''] = /^.*?\n([\s\S]*)$/.exec(place.stack) ?? [];
  problem.stack = `${errorProperty(problem, 'name')}: ${problem.message}\n${frames}`;
  copyFrames(place, problem);
  return problem;
}
