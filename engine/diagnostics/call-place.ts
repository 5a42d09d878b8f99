// Where a call stands, kept for an error that shows only later: when the page has ended and its stack is gone.

import type { Problem } from './problem.ts';
import { copyFrames } from './stack-frames.ts';
import { errorProperty } from './thrown.ts';

/** The stack at the time when it is made. Its text is made only when an error needs it. */
export class CallPlace {
  declare readonly stack: string | undefined;

  constructor() {
    Error.captureStackTrace(this, CallPlace);
  }
}

/** The problem with the stack of the call that it is about. */
export function placedAt(problem: Problem, place: CallPlace | undefined): Problem {
  if (place?.stack === undefined) return problem;
  const [, frames = ''] = /^.*?\n([\s\S]*)$/.exec(place.stack) ?? [];
  problem.stack = `${errorProperty(problem, 'name')}: ${problem.message}\n${frames}`;
  copyFrames(place, problem);
  return problem;
}
