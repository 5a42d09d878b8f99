// The published package: its files and types, its command, and servers and programs that use it.

import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { deadLinksIn } from '../docs/document-links.ts';
import { startServer } from '../server.ts';
import { Visitor } from '../visitor.ts';
import { FILES, folder, home, karrigell, manifest, program, REPOSITORY, run } from './installed-package.ts';

test('the package has no scripts, since npm warns of them, and few and small files beside the extension', async (t) => {
  const { scripts, devDependencies, private: isPrivate } = await manifest();
  t.deepEqual([scripts, devDependencies, isPrivate], [undefined, undefined, undefined]);
  const names = (await readdir(home, { recursive: true })).filter((name) => !name.endsWith('.vsix'));
  const stats = await Promise.all(names.map((name) => stat(join(home, name))));
  const files = stats.filter((each) => each.isFile());
  t.true(files.length < 195, `${files.length} files`);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  t.true(bytes < 3_500_000, `${bytes} bytes`);
});

test('the files that its package.json names exist, and the program can be run', async (t) => {
  const { exports, bin } = await manifest();
  const paths = [bin.karrigell, ...Object.values(exports).flatMap((entry) => Object.values(Object(entry)))];
  for (const path of paths) if (String(path).startsWith('./')) await t.notThrowsAsync(stat(join(home, path)));
  t.true((await readFile(program, 'utf8')).startsWith('#!/usr/bin/env node\n'));
});

test('links of its documents lead to files in it', async (t) => {
  const names = await readdir(home, { recursive: true });
  const documents = names
    .filter((name) => /^(?:docs[\\/])?[^\\/]+\.md$/.test(name))
    .map((name) => join(home, name));
  t.true(documents.length > 15);
  t.deepEqual(deadLinksIn(home, documents), []);
});

test('init and check: a new site has no errors, types included', async (t) => {
  for (const template of ['minimal', 'tour', 'shop']) {
    await karrigell(folder, 'init', template, '--template', template);
    const checked = await karrigell(join(folder, template), 'check');
    t.regex(checked, /\(types by TypeScript .*\): 0 errors, 0 warnings\n$/);
  }
});

test('serve: two workers share sessions in files, whose threads are found', async (t) => {
  await karrigell(folder, 'init', 'served');
  const options = {
    site: join(folder, 'served/site'),
    program,
    args: ['--workers', '2'],
    env: FILES,
  };
  const server = await startServer(options);
  t.teardown(() => server.stop());
  const visitor = new Visitor(server.url);
  t.regex(await visitor.text('/'), /You have been here 1 time\./);
  t.regex(await visitor.text('/'), /You have been here 2 times\./);
  t.regex(await karrigell(join(folder, 'served'), 'sessions', 'list', '--json'), /^\[\{[^\n]*\}\n\]\n$/);
  t.notRegex(server.output(), /Cannot find/);
});

test('an error of a page is shown at its position, without frames of the engine', async (t) => {
  await karrigell(folder, 'init', 'broken');
  await writeFile(
    join(folder, 'broken/site/index.pih'),
    '<p>\n<% const s = Session();\nthrow new Error("oh") %>',
  );
  const server = await startServer({ site: join(folder, 'broken/site'), program });
  t.teardown(() => server.stop());
  const page = await new Visitor(server.url).get('/');
  t.is(page.status, 500);
  t.regex(server.output(), /index\.pih:3:7/);
  t.notRegex(server.output(), /node_modules.karrigell/);
});

test('programs import it with its types', async (t) => {
  const source = `import { karrigell, Problem, type Karrigell, type OpenSession } from 'karrigell';
import { visit } from 'karrigell/test';
const app: Karrigell = await karrigell({ root_dir: 'imported/site', watch: false, log: false });
const visitor = await visit(app);
await visitor.open('/');
const status: number = visitor.status;
export const idOf = (session: OpenSession<object>): string => session.id;
console.log(status, typeof Problem);
await app.close();
// @ts-expect-error no such option
if (status === 0) await karrigell({ root: 1 });
`;
  await karrigell(folder, 'init', 'imported');
  await writeFile(join(folder, 'program.mts'), source);
  const options = ['--module', 'nodenext', '--target', 'es2023', '--strict', '--types', 'node'];
  const tsc = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
  const compiled = run(process.execPath, [tsc, ...options, 'program.mts'], { cwd: folder });
  await t.notThrowsAsync(compiled.catch(({ stdout }) => Promise.reject(new Error(stdout))));
  t.is((await run(process.execPath, ['program.mjs'], { cwd: folder })).stdout, '200 function\n');
});
