// karrigell init: a small working site from each template, never overwriting a file.

import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { folderWith } from '../folder.ts';
import { karrigell } from './karrigell.ts';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const run = promisify(execFile);

/** An empty folder that can import the packages of a site, as after `npm install`. */
async function folderWithPackages(t: ExecutionContext): Promise<string> {
  const folder = await folderWith(t, {});
  await mkdir(join(folder, 'node_modules/@types'), { recursive: true });
  await symlink(REPOSITORY, join(folder, 'node_modules/karrigell'), 'junction');
  for (const name of ['typescript', '@types/node', 'zod']) {
    await symlink(join(REPOSITORY, 'node_modules', name), join(folder, 'node_modules', name), 'junction');
  }
  return folder;
}

/** The files that `init` writes into an empty folder: paths in order. */
async function filesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => !name.startsWith('node_modules'));
  const stats = await Promise.all(files.map((name) => stat(join(folder, name))));
  return files.filter((_, index) => stats[index]?.isFile()).sort();
}

for (const template of ['minimal', 'tour', 'shop']) {
  test(`${template}: the pages have no errors, and the tests of the template pass`, async (t) => {
    const folder = await folderWithPackages(t);
    const cwd = join(folder, 'new');
    t.is((await karrigell(['init', 'new', '--template', template], { cwd: folder })).code, 0);
    const { stdout } = await karrigell(['check', '--strict'], { cwd });
    t.regex(stdout, /pages checked in .* \(types by TypeScript .*\): 0 errors, 0 warnings\n$/);
    const { NODE_V8_COVERAGE: _, ...env } = process.env;
    const tests = await run(process.execPath, ['--test', '--test-reporter=tap'], { cwd, env });
    t.regex(tests.stdout, /# pass [1-9]\d*\n# fail 0\n/);
  });
}

test('without a folder init writes into the current one, and prints the written files and the next steps', async (t) => {
  const cwd = await folderWith(t, {});
  const { stdout } = await karrigell(['init'], { cwd });
  t.regex(stdout, /wrote package\.json\nwrote karrigell\.config\.json\n/);
  t.true(
    stdout.endsWith(
      '\nStart it:\n  npm install\n  npm run dev\n\nPages in VS Code:\n' +
        '  code --install-extension ./node_modules/karrigell/editors/karrigell-pages.vsix\n',
    ),
  );
  t.deepEqual(await filesOf(cwd), [
    '.gitignore',
    'AGENTS.md',
    'karrigell.config.json',
    'package.json',
    'site/404.pih',
    'site/_parts/layout.pih',
    'site/favicon.svg',
    'site/index.pih',
    'site/session.d.ts',
    'site/style.css',
    'test/site.test.js',
    'tsconfig.json',
  ]);
});

test('package.json is named after the folder, and has the scripts and packages of a site', async (t) => {
  const cwd = await folderWith(t, {});
  await karrigell(['init', 'My Shop!'], { cwd });
  const manifest = JSON.parse(await readFile(join(cwd, 'My Shop!/package.json'), 'utf8'));
  const { version } = JSON.parse(await readFile(join(REPOSITORY, 'package.json'), 'utf8'));
  t.is(manifest.name, 'my-shop');
  t.deepEqual(Object.keys(manifest.scripts), ['dev', 'start', 'check', 'test']);
  t.deepEqual(manifest.dependencies, { karrigell: `^${version}` });
});

test('$schema leads to the karrigell above, else to the one that npm install brings', async (t) => {
  const above = await folderWithPackages(t);
  const alone = await folderWith(t, {});
  for (const cwd of [above, alone]) await karrigell(['init', 'a/b'], { cwd });
  const schemaOf = async (folder: string): Promise<string> => {
    const file = join(folder, 'a/b/karrigell.config.json');
    return JSON.parse(await readFile(file, 'utf8')).$schema;
  };
  t.is(await schemaOf(above), '../../node_modules/karrigell/config/config.schema.json');
  t.true((await stat(resolve(above, 'a/b', await schemaOf(above)))).isFile());
  t.is(await schemaOf(alone), './node_modules/karrigell/config/config.schema.json');
});

test('a file that is there already is left alone, and named', async (t) => {
  const cwd = await folderWith(t, { 'site/index.pih': 'mine', 'package.json': '{}' });
  const { code, stdout } = await karrigell(['init'], { cwd });
  t.is(code, 0);
  t.regex(stdout, /left site\/index\.pih alone/);
  t.regex(stdout, /Scripts for your package\.json .*:\n {2}"dev": "karrigell serve",/);
  t.is(await readFile(join(cwd, 'site/index.pih'), 'utf8'), 'mine');
  t.is(await readFile(join(cwd, 'package.json'), 'utf8'), '{}');
});

test('a template that does not exist is a wrong usage, and the error names the templates', async (t) => {
  const cwd = await folderWith(t, {});
  const { code, stderr } = await karrigell(['init', '--template', 'blog'], { cwd });
  t.is(code, 2);
  t.regex(stderr, /minimal, tour, shop/);
  t.deepEqual(await readdir(cwd), []);
});

test('a folder that cannot be written to is folder-not-writable', async (t) => {
  const cwd = await folderWith(t, { file: 'no folder' });
  const { code, stderr } = await karrigell(['init', 'file'], { cwd });
  t.is(code, 1);
  t.regex(stderr, /the site cannot be written to file/);
});
