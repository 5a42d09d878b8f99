// The configuration of ava for `npm run test:unit`: the test files that start no program and need no server. The imports of a
// file, direct or through helpers, tell which those are, so that no list has to be kept.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const tests = fileURLToPath(new URL('../dist/test', import.meta.url));

/** Imports that start programs, drive a browser or connect to a server of this machine. */
const NEEDS_MORE =
  /^import .*['"](?:node:child_process|node:cluster|playwright-core|redis|[./\w-]*\/databases\.js)['"];$/m;
/** An import as tsc writes it, on one line. */
const IMPORT = /^(?:import|export) .*['"](\.{1,2}\/[^'"]+\.js)['"];$/gm;

const known = new Map();

/** True if a compiled file needs this process only. */
function isAlone(file) {
  const before = known.get(file);
  if (before !== undefined) return before;
  // A circle of imports is judged by its other members.
  known.set(file, true);
  const code = readFileSync(file, 'utf8');
  const imported = [...code.matchAll(IMPORT)].map(([, path]) => resolve(dirname(file), path));
  const alone = !NEEDS_MORE.test(code) && imported.filter((path) => path.startsWith(tests)).every(isAlone);
  known.set(file, alone);
  return alone;
}

export default () => {
  const { ava } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));
  const files = readdirSync(tests, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.js') && isAlone(resolve(tests, name)))
    .map((name) => `dist/test/${name.replaceAll('\\', '/')}`);
  return { ...ava, files };
};
