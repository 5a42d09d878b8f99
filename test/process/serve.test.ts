// A serving process: its start-up, its stop, and errors that it survives.

import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import test from 'ava';
import { folderWith } from '../folder.ts';
import { Visitor } from '../visitor.ts';
import { program } from './program.ts';

test('start-up prints the URL, the number of pages, the session store and that debug is on, nothing else', async (t) => {
  const cwd = await folderWith(t, { 'site/index.pih': 'hello', 'site/about.pih': 'about' });
  const { url, output, printed } = await program(t, cwd);
  await printed(/debug: .*\n/);
  t.is(output(), `${url}/\n2 pages\nsessions: memory (at most 1000)\ndebug: on (error pages show source)\n`);
  t.is(await (await fetch(url)).text(), 'hello');
  t.regex(await printed(/.*GET \/.*\n/), /^\d\d:\d\d:\d\d \[200\] GET \/ \d+ ms\n$/);
});

test('a folder on the command line is served instead of root_dir', async (t) => {
  const cwd = await folderWith(t, { 'site/index.pih': 'the site', 'other/index.pih': 'the other' });
  const { url } = await program(t, cwd, ['other']);
  t.is(await (await fetch(url)).text(), 'the other');
});

test('the configuration above the current folder is used, and start-up names it', async (t) => {
  const folder = await folderWith(t, {
    'karrigell.config.json': { root_dir: 'pages', log: false },
    'pages/index.pih': 'the pages',
    'pages/shop/index.pih': '',
  });
  const { url, output, printed } = await program(t, join(folder, 'pages/shop'));
  await printed(/configuration: .*\n/);
  const lines = ['2 pages', 'sessions: memory (at most 1000)', 'debug: on (error pages show source)'];
  const file = join(folder, 'karrigell.config.json');
  t.is(output(), `${[`${url}/`, ...lines, `configuration: ${file}`].join('\n')}\n`);
  t.is(await (await fetch(url)).text(), 'the pages');
});

test('a folder on the command line is served with the configuration of that folder or of one above it', async (t) => {
  const folder = await folderWith(t, {
    'karrigell.config.json': { max_sessions: 5 },
    'shop/karrigell.config.json': { max_sessions: 6 },
    'shop/pages/index.pih': '<%= CONFIG.max_sessions %>',
  });
  const { url, printed } = await program(t, folder, ['shop/pages']);
  await printed(/configuration: .*shop\/karrigell\.config\.json\n/);
  t.is(await (await fetch(url)).text(), '6');
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} lets a running request finish, then exits with 0`, async (t) => {
    const cwd = await folderWith(t, {
      'site/index.pih': "<% console.log('running'); await new Promise((r) => setTimeout(r, 300)); %>finished",
    });
    const { url, child, ended, printed } = await program(t, cwd);
    const answer = fetch(url);
    await printed(/running/);
    child.kill(signal);
    t.is(await (await answer).text(), 'finished');
    t.is(await ended, 0);
  });
}

test('an open live reload connection does not hold up the end', async (t) => {
  const cwd = await folderWith(t, { 'site/index.pih': '<!DOCTYPE html><html><body>hello</body></html>' });
  const { url, child, ended } = await program(t, cwd);
  const events = request(`${url}/.karrigell/changes`, { headers: { accept: 'text/event-stream' } }).end();
  events.on('error', () => undefined);
  const [response] = await once(events, 'response');
  t.is(response.headers['content-type'], 'text/event-stream');
  response.resume();
  const closed = once(response, 'close');
  child.kill('SIGTERM');
  await closed;
  t.is(await ended, 0);
});

test('a second signal ends it at once', async (t) => {
  const cwd = await folderWith(t, {
    'site/index.pih': "<% console.log('running'); await new Promise(() => {}); %>",
  });
  const { url, child, ended, printed } = await program(t, cwd);
  fetch(url).catch(() => undefined);
  await printed(/running/);
  child.kill('SIGTERM');
  await t.throwsAsync(async () => {
    for (;;) await fetch(`${url}/none`);
  });
  child.kill('SIGTERM');
  t.is(await ended, 143);
});

test('sessions are kept over a restart in a persistent store', async (t) => {
  const cwd = await folderWith(t, {
    'karrigell.config.json': { persistent_session: true },
    'site/index.pih': "<% const s = Session(); s.n = s.get('n', 0) + 1; %><%= s.n %>",
  });
  const first = await program(t, cwd);
  const visitor = new Visitor(first.url);
  t.is(await visitor.text('/'), '1');
  first.child.kill('SIGTERM');
  t.is(await first.ended, 0);
  const second = await program(t, cwd);
  const back = new Visitor(second.url);
  for (const [name, value] of visitor.cookies) back.cookies.set(name, value);
  t.is(await back.text('/'), '2');
});

test('a stray exception and a stray rejection are logged once, and the server stays up', async (t) => {
  const cwd = await folderWith(t, {
    'site/index.pih': 'up',
    'site/throw.pih': "<% setTimeout(() => { throw new Error('stray exception'); }, 0); %>ok",
    'site/reject.pih': "<% Promise.reject(new Error('stray rejection')); %>ok",
  });
  const { url, printed, output } = await program(t, cwd);
  await fetch(`${url}/throw`);
  await printed(
    /error: an error outside of any request.*\n(.*\n)*?.*throw\.pih:1:\d+: Error: stray exception/,
  );
  await fetch(`${url}/reject`);
  await printed(/error: a promise was rejected.*\n(.*\n)*?.*reject\.pih:1:\d+: Error: stray rejection/);
  t.is(await (await fetch(url)).text(), 'up');
  t.is(output().match(/Error: stray/g)?.length, 2);
});

test('an error of a page is logged once, with its lines', async (t) => {
  const cwd = await folderWith(t, { 'site/index.pih': '<p>\n<% null.x; %>\n</p>' });
  const { url, printed, output } = await program(t, cwd);
  t.is((await fetch(url)).status, 500);
  await printed(/\[500\] GET \/ /);
  t.is(output().match(/TypeError/g)?.length, 1);
  t.regex(output(), /> 2 \| <% null\.x; %>/);
});

test('the name of evaluated code is no file of the site, also where the current folder is', async (t) => {
  const call = "runInThisContext('(() => null.x)()', { filename: 'evaluated.js' })";
  const folder = await folderWith(t, {
    'karrigell.config.json': { log: false },
    'site/index.pih': `<% import { runInThisContext } from 'node:vm'; %>\n<% ${call} %>`,
  });
  const { url, printed, output } = await program(t, join(folder, 'site'));
  t.is((await fetch(url)).status, 500);
  await printed(/> 2 \| <% runInThisContext/);
  t.regex(output(), /\n *index\.pih:2:4: TypeError/);
});
