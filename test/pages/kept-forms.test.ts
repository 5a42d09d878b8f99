// A form that is kept over a redirect (docs/forms.md, *Behind a redirect*): form.retry(), form.kept, form.discard(), and guards that
// keep the form of a visitor whose session has ended.

import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { ConfigInput } from '../../config/schema.ts';
import type { Visitor } from '../../engine/visit/index.ts';
import { folderWith } from '../folder.ts';
import { visitorWithPackages } from '../forms/visitor-with-packages.ts';
import { serveSite } from '../site-fixture.ts';
import { Visitor as Client } from '../visitor.ts';

const SCHEMA = `<% import { z } from 'zod';
const form = await Form(z.object({
  title: z.string().min(3, 'Too short'), tags: z.array(z.string()), password: z.string().optional(),
})); -%>`;

const FIELDS = `<input <%= form.attrs('title') %>><b><%= form.error('title') %></b>
<input type="checkbox" value="a" <%= form.attrs('tags') %>><input type="checkbox" value="b" <%= form.attrs('tags') %>>
<input <%= form.attrs('password') %>><input type="file" name="photo"><i><%= form.kept %></i>`;

const PAGE = `${SCHEMA}<% if (form.ok) redirect('/done');
if (REQUEST.method === 'POST') return form.retry(); -%>
<form method="post" enctype="multipart/form-data">${FIELDS}<button>Save</button></form>`;

const DONE = '<p>done</p>';

const WRONG = { title: 'ab', 'tags[]': ['b'], password: 'hunter22' };

/** The form as the visitor sees it. */
function shown(v: Visitor): Readonly<Record<string, unknown>> {
  return {
    title: v.find('[name=title]')?.value,
    tags: v.findAll('[type=checkbox]').map(({ checked }) => checked),
    password: v.find('[name=password]')?.value,
    message: v.find('b')?.text,
    kept: v.find('i')?.text,
  };
}

const BLANK = { title: '', tags: [false, false], password: '', message: '', kept: 'false' };
const AGAIN = { title: 'ab', tags: [false, true], password: '', message: 'Too short', kept: 'true' };

test('retry() shows the form again behind a redirect, once', async (t) => {
  const v = await visitorWithPackages(t, { 'index.pih': PAGE, 'done.pih': DONE });
  await v.open('/');
  t.deepEqual(shown(v), BLANK);
  t.deepEqual(v.cookies, {});
  await v.submit('form', WRONG, { follow: false });
  t.is(v.status, 303);
  t.is(v.headers.get('location'), '/');
  await v.open('/');
  t.is(v.headers.get('cache-control'), 'private, no-store');
  t.deepEqual(shown(v), AGAIN);
  await v.open('/');
  t.deepEqual(shown(v), BLANK);
  await v.submit('form', { title: 'a title' });
  t.is(v.text, 'done');
});

test('retry(path) leads to another page that shows the form', async (t) => {
  const v = await visitorWithPackages(t, {
    'index.pih': `${SCHEMA}<form method="post" action="/save">${FIELDS}<button>Save</button></form>`,
    'save.pih': `${SCHEMA}<% if (!form.ok) return form.retry('/?a=1'); %>saved`,
  });
  await v.open('/');
  await v.submit('form', { title: 'ab', 'tags[]': ['b'], password: 'hunter22' });
  t.regex(v.url, /\/\?a=1$/);
  t.deepEqual(shown(v), AGAIN);
  await v.open('/save');
  t.regex(v.url, /\/\?a=1$/, 'one who opens the page that takes the form is led to the one that shows it');
});

test('retry() leads nowhere but to this site, and not to the same call', async (t) => {
  const v = await visitorWithPackages(t, {
    'out.pih': `${SCHEMA}<% form.retry('https://other.example/'); %>`,
    'loop.pih': `${SCHEMA}<% try { form.retry(); } catch (error) { %><%= (error as any).code %><% } %>`,
  });
  await v.open('/out');
  t.is(v.status, 500);
  await v.open('/loop');
  t.is(v.text, 'form-retry-loop');
});

test('a kept form waits for its own page, with its own query', async (t) => {
  const v = await visitorWithPackages(t, { 'edit/[id].pih': PAGE, 'done.pih': DONE });
  await v.open('/edit/5?lang=de');
  await v.submit('form', WRONG, { follow: false });
  t.is(v.headers.get('location'), '/edit/5?lang=de');
  for (const other of ['/edit/6?lang=de', '/edit/5', '/edit/5?lang=en']) {
    await v.open(other);
    t.deepEqual(shown(v), BLANK, other);
  }
  await v.open('/edit/5?lang=de');
  t.deepEqual(shown(v), AGAIN);
});

test('a page that fails or redirects has not shown its kept form', async (t) => {
  const ends = `<% import { mode } from './_mode.ts';
    if (mode.now === 'fail') throw HttpError(403); if (mode.now === 'break') null!.x; if (mode.now === 'away') redirect('/done'); %>`;
  const v = await visitorWithPackages(t, {
    'index.pih': PAGE + ends,
    'done.pih': DONE,
    '_mode.ts': `export const mode = { now: '' };`,
    'mode.pih': `<% import { mode } from './_mode.ts'; mode.now = _is ?? ''; %>`,
  });
  await v.open('/');
  await v.submit('form', WRONG, { follow: false });
  for (const [mode, status] of [
    ['fail', 403],
    ['break', 500],
    ['away', 303],
  ] as const) {
    await v.open(`/mode?is=${mode}`);
    await v.open('/', { follow: false });
    t.is(v.status, status);
  }
  await v.open('/mode?is=');
  await v.open('/');
  t.deepEqual(shown(v), AGAIN);
});

test('discard() removes the kept form, before it is shown or after', async (t) => {
  const v = await visitorWithPackages(t, {
    'index.pih': PAGE.replace(
      '<form',
      `<% if (_drop !== undefined && REQUEST.method === 'GET') form.discard(); %><form`,
    ),
  });
  await v.open('/?drop=1');
  await v.submit('form', WRONG);
  t.is(v.status, 200);
  t.deepEqual(shown(v), BLANK);
  await v.open('/?drop=1');
  t.deepEqual(shown(v), BLANK);
});

test('of two forms of a page the one that was sent is shown again', async (t) => {
  const page = `<% import { z } from 'zod';
    const one = await Form(z.object({ a: z.string().min(2, 'short') }), { id: 'one' });
    const two = await Form(z.object({ a: z.string().min(2, 'short') }), { id: 'two' });
    if (REQUEST.method === 'POST') { if (!one.ok && !two.ok) return (_form === 'one' ? one : two).retry(); } -%>
    <form id="one" method="post"><input type="hidden" name="form" value="one"><input <%= one.attrs('a') %>><button>1</button></form>
    <form id="two" method="post"><input type="hidden" name="form" value="two"><input <%= two.attrs('a') %>><button>2</button></form>
    <i><%= one.kept %> <%= two.kept %></i>`;
  const v = await visitorWithPackages(t, { 'index.pih': page });
  await v.open('/');
  await v.submit('#two', { a: 'x' });
  t.is(v.find('i')?.text, 'false true');
  t.is(v.find('#two [name=a]')?.value, 'x');
  t.is(v.find('#one [name=a]')?.value, '');
  t.is(v.find('#two [name=a]')?.attr('aria-describedby'), 'two-a-error');
  t.is(v.find('#one [aria-invalid]'), undefined);
});

test('a kept form is no attribute of the session', async (t) => {
  const page = `${PAGE}<%- JSON.stringify(Object.keys(Session({ read_only: true }))) %>`;
  const v = await visitorWithPackages(t, { 'index.pih': page, 'done.pih': DONE });
  await v.open('/');
  await v.submit('form', WRONG);
  t.deepEqual(shown(v), AGAIN);
  t.true(v.text.endsWith('[]'));
  t.deepEqual(await v.session, {});
});

const GUARDED = {
  'edit.pih': `<% const s = Session();
    if (REQUEST.method === 'POST' && !s.get('user')) redirect('/login?next=' + encodeURIComponent(REQUEST.url.pathname + REQUEST.url.search), { keep_form: true }); -%>
    ${PAGE}`,
  'login.pih': `<% if (_user) { const s = Session(); s.regenerate(); s.user = _user; redirect(_next, { fallback: '/' }); } -%>
    <form method="post"><input name="user"><button>Log in</button></form>`,
  'done.pih': DONE,
};

for (const [store, persistent_session] of [
  ['memory', () => false],
  ['json', (dir) => ({ store: 'json', dir })],
  ['cookie', () => ({ store: 'cookie', secrets: ['a secret of at least thirty-two characters'] })],
] satisfies [string, (dir: string) => ConfigInput['persistent_session']][]) {
  test(`${store}: a form that met no session is there after the login as it was typed`, async (t) => {
    const v = await visitorWithPackages(t, GUARDED, {
      persistent_session: persistent_session(await folderWith(t, {})),
    });
    await v.open('/edit?id=5');
    t.is(v.status, 200);
    await v.submit('form', { title: 'A long title', 'tags[]': ['a', 'b'], password: 'hunter22' });
    t.regex(v.url, /\/login\?next=%2Fedit%3Fid%3D5$/);
    await v.submit('form', { user: 'Jean' });
    t.regex(v.url, /\/edit\?id=5$/);
    t.deepEqual(shown(v), {
      title: 'A long title',
      tags: [true, true],
      password: '',
      message: '',
      kept: 'true',
    });
    await v.submit('form', {});
    t.is(v.text, 'done');
  });
}

test('a form that does not fit into the cookie beside the session is not kept, and the redirect happens all the same', async (t) => {
  const text = (length: number) => randomBytes(length).toString('base64url').slice(0, length);
  const fill = `<% const s = Session(); if (_data) s.data = _data; -%><%= s.get('data', '').length %>`;
  const secrets = ['a secret of at least thirty-two characters'];
  const files = { 'index.pih': PAGE, 'done.pih': DONE, 'fill.pih': fill };
  const v = await visitorWithPackages(t, files, { persistent_session: { store: 'cookie', secrets } });
  const note = { title: 'ab', password: '', 'tags[]': ['a'] };
  for (const [length, kept] of [
    [2000, 'true'],
    [3400, 'false'],
  ] as const) {
    await v.open(`/fill?data=${text(length)}`);
    await v.open(`/?more=${text(600)}`);
    await v.submit('form', note);
    t.is(v.status, 200);
    t.is(v.find('i')?.text, kept);
    await v.open('/fill');
    t.is(v.text, String(length));
  }
});

test('keep_form with a path keeps the form for the page that shows it; a visit keeps nothing', async (t) => {
  const v = await visitorWithPackages(t, {
    ...GUARDED,
    'show.pih': `${SCHEMA}<form method="post" action="/save">${FIELDS}<button>Save</button></form>`,
    'save.pih': `<% const s = Session(); if (!s.get('user')) redirect('/login?next=/show', { keep_form: '/show' }); %>saved`,
    'out.pih': `<% redirect('/', { keep_form: 'https://other.example/' }); %>`,
  });
  await v.open('/show');
  await v.submit('form', { title: 'ab' });
  await v.submit('form', { user: 'Jean' });
  t.like(shown(v), { title: 'ab', kept: 'true', message: '' });
  await v.open('/save');
  t.is(v.text, 'saved');
  await v.open('/out');
  t.is(v.status, 500);
});

test('a store has no query of a page, because it may be a secret', async (t) => {
  const dir = await folderWith(t, {});
  const store = { persistent_session: { store: 'json', dir } };
  const v = await visitorWithPackages(t, { 'index.pih': PAGE, 'done.pih': DONE }, store);
  await v.open('/?token=QUERYSECRET');
  await v.submit('form', WRONG);
  t.like(shown(v), AGAIN);
  await v.open('/?token=QUERYSECRET');
  await v.submit('form', WRONG, { follow: false });
  const names = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = names.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  t.true(texts.join().includes('Too short'));
  t.false(texts.join().includes('QUERYSECRET'));
});

test('a form is there for the next request if the client of the one that shows it has left', async (t) => {
  const shared = { waits: false, begun: false, ended: false };
  Object.assign(globalThis, { kept_form_shared: shared });
  const schema =
    "{ '~standard': { version: 1, vendor: 'test', validate: () => ({ issues: [{ message: 'no' }] }) } }";
  const { url } = await serveSite(t, {
    'index.pih': `<% const form = await Form(${schema} as never); if (REQUEST.method === 'POST') return form.retry();
const shared = (globalThis as unknown as { kept_form_shared: Record<string, boolean> }).kept_form_shared;
shared.begun = true;
if (shared.waits) await new Promise((go) => REQUEST.signal.addEventListener('abort', go));
shared.ended = true; %><%= form.kept %>`,
  });
  const visitor = new Client(url);
  await visitor.get('/', { method: 'POST', body: new URLSearchParams({ text: 'a long text' }) });
  shared.waits = true;
  const leaving = new AbortController();
  const left = visitor.get('/', { signal: leaving.signal }).catch(() => 'left');
  while (!shared.begun) await new Promise((resolve) => setImmediate(resolve));
  leaving.abort();
  t.is(await left, 'left');
  while (!shared.ended) await new Promise((resolve) => setImmediate(resolve));
  shared.waits = false;
  t.is(await visitor.text('/'), 'true');
  t.is(await visitor.text('/'), 'false');
});
