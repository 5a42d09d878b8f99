// karrigell init: a small working site, never overwriting a file.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { folderWith } from '../folder.ts';
import { startServer } from '../server.ts';
import { Visitor } from '../visitor.ts';
import { karrigell } from './karrigell.ts';

test('the site that it writes has no errors, counts visits and remembers a name', async (t) => {
  const cwd = await folderWith(t, {});
  t.is((await karrigell(['init', 'shop'], { cwd })).code, 0);
  t.regex(
    (await karrigell(['check'], { cwd: join(cwd, 'shop') })).stdout,
    /^2 pages checked.*: 0 errors, 0 warnings\n$/,
  );
  const server = await startServer({ site: join(cwd, 'shop/site') });
  t.teardown(() => server.stop());
  const visitor = new Visitor(server.url);
  t.regex(await visitor.text('/'), /You have been here 1 time\./);
  t.regex(await visitor.text('/'), /You have been here 2 times\./);
  const form = new URLSearchParams({ name: '<Jean>' });
  t.regex(await visitor.text('/hello', { method: 'POST', body: form }), /<h1>Hello &lt;Jean&gt;<\/h1>/);
  t.regex(await visitor.text('/'), /<h1>Welcome, &lt;Jean&gt;<\/h1>/);
  t.is((await visitor.get('/style.css')).status, 200);
});

test('without a folder it writes here, and names what it wrote', async (t) => {
  const cwd = await folderWith(t, {});
  const { stdout } = await karrigell(['init'], { cwd });
  t.regex(stdout, /wrote karrigell\.config\.json\nwrote site\/index\.pih\n/);
  t.deepEqual((await readdir(join(cwd, 'site'))).sort(), ['hello.pih', 'index.pih', 'style.css']);
});

test('a file that is there already is left alone, and named', async (t) => {
  const cwd = await folderWith(t, { 'site/index.pih': 'mine' });
  const { code, stdout } = await karrigell(['init'], { cwd });
  t.is(code, 0);
  t.regex(stdout, /left site\/index\.pih alone/);
  t.is(await readFile(join(cwd, 'site/index.pih'), 'utf8'), 'mine');
});

test('a folder that cannot be written to is folder-not-writable', async (t) => {
  const cwd = await folderWith(t, { file: 'no folder' });
  const { code, stderr } = await karrigell(['init', 'file'], { cwd });
  t.is(code, 1);
  t.regex(stderr, /the site cannot be written to file/);
});
