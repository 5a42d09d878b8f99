// The number of random inputs of a test.

/** The share of them that runs: `test:unit` takes a tenth. */
const SHARE = Number(process.env.TEST_RANDOM_SHARE ?? 1);

/** The number of inputs for a test that tries so many in the whole suite. */
export function randomRuns(most: number): number {
  return Math.ceil(most * SHARE);
}
