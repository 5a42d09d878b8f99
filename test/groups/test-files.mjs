// The kinds of test files, by their imports, direct or through helpers, so that no list has to be kept.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const tests = fileURLToPath(new URL('../../dist/test', import.meta.url));

/** Imports that start programs or connect to a server of this machine. */
const NEEDS_MORE =
  /^import .*['"](?:node:child_process|node:cluster|playwright-core|redis|[./\w-]*\/databases\.js)['"];$/m;
/** Imports that listen on a port of this machine. */
const LISTENS = /^import .*['"]node:(?:http|https|http2|net)['"];$/m;
/** An import as tsc writes it, on one line. */
const IMPORT = /^(?:import|export) .*['"](\.{1,2}\/[^'"]+\.js)['"];$/gm;

/** By a compiled file of `dist/test/`: itself and the files there that it imports, direct or through others. */
const known = new Map();

function reached(file) {
  const before = known.get(file);
  if (before !== undefined) return before;
  const found = new Set([file]);
  // Before its imports are followed, which may lead back to it.
  known.set(file, found);
  for (const [, path] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
    const imported = resolve(dirname(file), path);
    if (imported.startsWith(tests)) for (const next of reached(imported)) found.add(next);
  }
  return found;
}

/**
 * Compiled test files as paths from `dist/test/`: `unit` needs nothing, `served` listens in its own process, and `others` start
 * programs or connect to servers.
 */
export function testFiles() {
  const files = { unit: [], served: [], others: [] };
  const names = readdirSync(tests, { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((each) => each.endsWith('.test.js')).sort())
    files[kindOf(resolve(tests, name))].push(name.replaceAll('\\', '/'));
  return files;
}

function kindOf(file) {
  const sources = [...reached(file)].map((each) => readFileSync(each, 'utf8'));
  if (sources.some((source) => NEEDS_MORE.test(source))) return 'others';
  return sources.some((source) => LISTENS.test(source)) ? 'served' : 'unit';
}
