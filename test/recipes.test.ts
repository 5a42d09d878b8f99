// The files of docs/recipes.md, written into a folder and used as a site.

import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { karrigell } from './cli/karrigell.ts';
import { folderWith } from './folder.ts';
import { startServer } from './server.ts';
import { Visitor } from './visitor.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

const MEMBER = {
  'site/_files/report.txt': 'the report',
  'site/member.pih': '<% Session().is_member = true %>',
};

/** The folder of the recipes' site, with the packages that they import. */
async function recipes(t: ExecutionContext): Promise<string> {
  const text = await readFile(join(REPOSITORY, 'docs/recipes.md'), 'utf8');
  const shown = [...text.matchAll(/^`([^`\n]+)`:\n\n```\w+\n([\s\S]*?)```$/gm)];
  t.true(shown.length >= 11);
  const files = Object.fromEntries(shown.map(([, name = '', content = '']) => [name, content]));
  const folder = await folderWith(t, { ...files, ...MEMBER, 'package.json': { type: 'module' } });
  await mkdir(join(folder, 'node_modules/@types'), { recursive: true });
  for (const name of ['libsql', 'typescript', '@types/node'])
    await symlink(join(REPOSITORY, 'node_modules', name), join(folder, 'node_modules', name), 'junction');
  await symlink(REPOSITORY, join(folder, 'node_modules/karrigell'), 'junction');
  return folder;
}

test('the recipes have no errors, types included, and their test passes', async (t) => {
  const cwd = await recipes(t);
  t.regex((await karrigell(['check'], { cwd })).stdout, /types by TypeScript .*: 0 errors, 0 warnings\n$/);
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap'], { cwd });
  t.regex(stdout, /# pass 1\n# fail 0\n/);
});

test('notes are kept, and shown as a page, as JSON and as CSV', async (t) => {
  const server = await startServer({ site: join(await recipes(t), 'site') });
  t.teardown(() => server.stop());
  const visitor = new Visitor(server.url);
  const body = new URLSearchParams({ text: 'a "b"' });
  t.is((await visitor.get('/notes', { method: 'POST', body })).status, 303);
  t.regex(await visitor.text('/notes'), /<li>a &#34;b&#34;<\/li>/);
  t.is(await visitor.text('/notes-json'), '[{"id":1,"text":"a \\"b\\""}]');
  t.is(await visitor.text('/notes-csv'), 'id,text\r\n"1","a ""b"""\r\n');
});

test('a mail is rendered as text and as markup', async (t) => {
  const server = await startServer({ site: join(await recipes(t), 'site') });
  t.teardown(() => server.stop());
  const body = new URLSearchParams({ name: '<Ann>' });
  t.is((await new Visitor(server.url).get('/welcome', { method: 'POST', body })).status, 303);
  t.true(server.output().includes('Welcome: Welcome, <Ann>. <p>Welcome, &lt;Ann&gt;.</p>'), server.output());
});

test('a download is for members, and the language is that of the browser until the visitor chooses', async (t) => {
  const server = await startServer({ site: join(await recipes(t), 'site') });
  t.teardown(() => server.stop());
  const visitor = new Visitor(server.url);
  t.is((await visitor.get('/report')).status, 403);
  await visitor.text('/member');
  t.is(await visitor.text('/report'), 'the report');
  t.regex(await visitor.text('/hello', { headers: { 'accept-language': 'de-DE,en' } }), /<html lang="de">/);
  await visitor.text('/hello?lang=en');
  t.regex(await visitor.text('/hello', { headers: { 'accept-language': 'de-DE' } }), /Good day/);
});
