// The configuration of ava for `npm test`.

import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import manifest from '../package.json' with { type: 'json' };
import { allGroups } from './groups/write-groups.mjs';

/** The program of the package, which `npm test` has made. */
const PACKAGED = resolve('dist/package/dist/cli.js');
/** Written by each build. */
const BUILD = resolve('dist/tsconfig.tsbuildinfo');

/** A package that was made before the last build is not tested, nor is it for coverage, which is that of the sources. */
function testsPackage() {
  if (process.env.NODE_V8_COVERAGE !== undefined || !existsSync(PACKAGED)) return false;
  return statSync(PACKAGED).mtimeMs > statSync(BUILD).mtimeMs;
}

export default () => ({
  ...manifest.ava,
  files: allGroups(),
  environmentVariables: testsPackage() ? { TEST_PROGRAM: PACKAGED } : {},
});
