// The configuration of ava for `npm test`.

import { existsSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
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

/**
 * The place of each file in the run, from 0 to 1. Files of one folder need the same (CPU time, a browser, the time limit of a store), so they
 * are spread over the whole run.
 */
function placesInRun(files) {
  const folders = new Map();
  for (const file of files) folders.set(folderOf(file), [...(folders.get(folderOf(file)) ?? []), file]);
  return new Map(
    [...folders.values()].flatMap((members) =>
      members.map((file, index) => [resolve(file), (index + 0.5) / members.length]),
    ),
  );
}

/** The folder below test/ by the name of a group: session for session-stores-redis. */
function folderOf(file) {
  return basename(file, '.test.js').split('-')[0];
}

export default () => {
  const files = allGroups();
  const places = placesInRun(files);
  return {
    ...manifest.ava,
    files,
    sortTestFiles: (a, b) => places.get(a) - places.get(b),
    // Many tests wait for a time limit of a server, so three processes keep two cores busy. PostgreSQL accepts 100 connections.
    concurrency: Math.min(12, Math.ceil(availableParallelism() * 1.5)),
    environmentVariables: testsPackage() ? { TEST_PROGRAM: PACKAGED } : {},
  };
};
