// The examples of docs/testing.md, each started by its own test runner.

import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { folderWith } from '../folder.ts';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const PACKAGES = ['ava', 'vitest', 'vite'];

/** A file name in backticks, then a sentence, then the code of the file. */
const EXAMPLE = /`((?:site|test)\/[^`\n]+)`[^`\n]*(?:`[^`\n]+`)?:\n\n```\w+\n([\s\S]*?)```/g;

/** A folder with the page and the tests of the document. */
async function exampleFolder(t: ExecutionContext): Promise<string> {
  const text = await readFile(join(REPOSITORY, 'docs/testing.md'), 'utf8');
  const files = Object.fromEntries(
    [...text.matchAll(EXAMPLE)].map(([, name = '', content = '']) => [name, content]),
  );
  t.deepEqual(Object.keys(files), [
    'site/index.pih',
    'test/welcome.test.js',
    'test/welcome.ava.js',
    'test/welcome.spec.js',
  ]);
  const folder = await folderWith(t, { ...files, 'package.json': { type: 'module' } });
  await mkdir(join(folder, 'node_modules'));
  for (const name of PACKAGES)
    await symlink(join(REPOSITORY, 'node_modules', name), join(folder, 'node_modules', name), 'junction');
  await symlink(REPOSITORY, join(folder, 'node_modules/karrigell'), 'junction');
  return folder;
}

const RUNNERS = [
  {
    name: 'node:test',
    args: ['--test', '--test-reporter=tap', 'test/welcome.test.js'],
    passed: /# pass 1\n# fail 0\n/,
  },
  {
    name: 'ava',
    args: ['node_modules/ava/entrypoints/cli.mjs', '--tap', 'test/welcome.ava.js'],
    passed: /# pass 1\n/,
  },
  {
    name: 'vitest',
    args: ['node_modules/vitest/vitest.mjs', 'run', '--reporter=tap', 'test/welcome.spec.js'],
    passed: /^ {4}ok 1 - the page greets by name/m,
  },
];

for (const { name, args, passed } of RUNNERS) {
  test(`the example for ${name} passes`, async (t) => {
    const cwd = await exampleFolder(t);
    const { NODE_CHANNEL_FD: _, ...env } = process.env;
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd,
      env: { ...env, NODE_TEST_CONTEXT: undefined },
    });
    t.regex(stdout, passed);
  });
}
