// Tries one target for some time, and tells what failed: with seed, path and the smallest input that was found.

import fc from 'fast-check';
import type { Target } from './target.ts';

export interface RunOptions {
  readonly seed: number;
  /** Where among the inputs of the seed to begin: the path that a failure has. */
  readonly path?: string | undefined;
  readonly milliseconds: number;
  readonly runs?: number;
  /** Told of each input before it is tried. */
  readonly before?: (input: unknown) => void;
}

export interface Failure {
  readonly path: string;
  readonly input: unknown;
  readonly message: string;
}

export interface RunResult {
  readonly runs: number;
  readonly failure?: Failure;
}

/** Looks for an input for which the target's rule does not hold. */
export async function runTarget(target: Target, options: RunOptions): Promise<RunResult> {
  const { seed, path, milliseconds, runs = 1_000_000_000, before } = options;
  const tried = await target.open();
  const property = fc.asyncProperty(target.inputs, async (input) => {
    before?.(input);
    await tried.holds(input);
  });
  try {
    const details = await fc.check(property, {
      seed,
      numRuns: runs,
      interruptAfterTimeLimit: milliseconds,
      ...(path === undefined ? {} : { path }),
    });
    if (!details.failed || details.counterexample === null) return { runs: details.numRuns };
    const [input] = details.counterexample;
    const message = messageOf(details.errorInstance);
    return { runs: details.numRuns, failure: { path: details.counterexamplePath ?? '', input, message } };
  } finally {
    await tried.close?.();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
