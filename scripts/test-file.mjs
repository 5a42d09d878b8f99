// Runs test files by their source: `npm run test:file -- test/http/fields.test.ts -m 'title*'`. A word that is no path
// selects all test files that have it in their path: `npm run test:file -- fields`. Options go to ava.

import { spawnSync } from 'node:child_process';
import { ava, namedTests, root } from './named-tests.mjs';

process.exitCode = run(process.argv.slice(2));

function run(args) {
  try {
    const { files, options } = namedTests(args);
    if (files.length === 0) throw new Error("name a test file: npm run test:file -- FILE [-m 'title*']");
    return (
      spawnSync(process.execPath, [ava, ...files, ...options], { cwd: root, stdio: 'inherit' }).status ?? 1
    );
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}
