// The arguments of `npm run test:file` and `npm run test:watch`: the test files that they name, and the options for ava.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

interface Named {
  readonly files: readonly string[];
  readonly options: readonly string[];
}

const repository = fileURLToPath(new URL('../../../', import.meta.url));

async function named(...args: readonly string[]): Promise<Named> {
  const { namedTests }: { namedTests(args: readonly string[]): Named } = await import(
    new URL('../../../scripts/named-tests.mjs', import.meta.url).href
  );
  return namedTests(args);
}

test('a test file is named by its source, its compiled file or a part of its path', async (t) => {
  for (const name of [
    'test/scripts/named-tests.test.ts',
    './test/scripts/named-tests.test.ts',
    'test\\scripts\\named-tests.test.ts',
    join(repository, 'test/scripts/named-tests.test.ts'),
    'scripts/named-tests.test.ts',
    'dist/test/scripts/named-tests.test.js',
    'named-tests',
  ]) {
    t.deepEqual(await named(name), { files: ['dist/test/scripts/named-tests.test.js'], options: [] }, name);
  }
});

test('a part of a path names all test files with it', async (t) => {
  const { files } = await named('test/scripts/', 'test/house');
  t.deepEqual(files, ['dist/test/scripts/named-tests.test.js', 'dist/test/house.test.js']);
});

test('the lines behind a name are passed on', async (t) => {
  const { files } = await named('test/house.test.ts:3,7-9');
  t.deepEqual(files, ['dist/test/house.test.js:3,7-9']);
});

test('options and their values are no names', async (t) => {
  const args = ['-m', 'a title*', 'test/house.test.ts', '--serial', '-c', '2'];
  t.deepEqual(await named(...args), {
    files: ['dist/test/house.test.js'],
    options: ['-m', 'a title*', '--serial', '-c', '2'],
  });
});

test('the error for a wrong name has the name', async (t) => {
  await t.throwsAsync(named('test/none.test.ts'), { message: /no test file has "test\/none\.test\.ts"/ });
});
