// Programs and servers that this machine lacks. Their tests are skipped with one line, and with CI=true that line is a failure.

import test from 'ava';

/** Whether the absence of a program is a failure. */
const ALL_WANTED = process.env.CI === 'true';

/**
 * Declares one skipped test for what is missing, or a failing one with CI=true. The tests that need it are not declared.
 * @param line the message, which names what is missing
 * @param tests the tests that are skipped
 */
export function missingHere(line: string, tests = 'its tests'): void {
  if (ALL_WANTED) test(line, (t) => t.fail());
  else test.skip(`${line}; ${tests} are skipped`, () => undefined);
}
