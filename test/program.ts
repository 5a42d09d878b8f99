// The program that tests start, and the environment that it gets.

import { fileURLToPath } from 'node:url';

/** The program of the published package in `npm test`, which starts faster; otherwise the compiled sources. */
export const PROGRAM =
  process.env.TEST_PROGRAM ?? fileURLToPath(new URL('../engine/cli/main.js', import.meta.url));

/** The environment of the tests without the variables that the program reads. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:KARRIGELL_|(?:NODE_ENV|FORCE_COLOR|NO_COLOR)$)/.test(name),
  );
  return Object.fromEntries(kept);
}
