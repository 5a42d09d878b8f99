// How long to wait before a worker that has ended is started again.

/** A worker that ends sooner than this after its start was not worth starting: wait longer before the next. */
export const STEADY_MS = 10_000;

const FIRST_MS = 250;
const LONGEST_MS = 30_000;
/** While no worker is left, nobody is served: then trying costs less than waiting. */
const LONGEST_ALONE_MS = 1000;

/** The wait after so many quick deaths in a row. */
export function waitBeforeRestart(quickDeaths: number, othersServe: boolean): number {
  return Math.min(othersServe ? LONGEST_MS : LONGEST_ALONE_MS, FIRST_MS * 2 ** quickDeaths);
}
