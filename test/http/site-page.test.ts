// The page /.karrigell/site: under debug only, for requests of the site itself, never behind a proxy.

import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { serveSite, type TestSite } from '../site-fixture.ts';

const FILES = { 'index.pih': '<a href="/nowhere">x</a>\n<form><input name="q"></form><p><%= _q %></p>' };
const PAGE = '/.karrigell/site';

test('the site page has the findings and the description of the site', async (t) => {
  const site = await serveSite(t, FILES, { debug: true });
  const response = await fetch(site.url + PAGE);
  const text = await response.text();
  t.is(response.status, 200);
  t.is(response.headers.get('cache-control'), 'no-store');
  t.regex(text, /error \/index\.pih:1:4 link-nowhere: &lt;a href&gt; leads to \/nowhere/);
  t.regex(text, /form: line 2, get to \/index\.pih: q \(text\)/);
});

test('the site page has the last errors, the newest first, with time, position and remedy', async (t) => {
  const site = await serveSite(
    t,
    {
      'early.pih': '<p>\n<% throw new TypeError("the early one") %></p>',
      'late.pih': '<p><%= Session().absent %></p>',
      'import.pih': '<% import { run } from "./_run.ts"; run(); %>',
      '_run.ts':
        'export function run() {\n  throw new Error("in a module", { cause: new Error("the cause") });\n}',
    },
    { debug: true },
  );
  for (const path of ['/early', '/import', '/late', '/late']) await site.get(path);
  const errors = await sectionOf(site, 'The last errors');
  t.deepEqual(
    [...errors.matchAll(/^\d\d:\d\d:\d\d GET (\/\w+) \[500\] error \w+(.*)$/gm)].map(
      ([, path, more]) => `${path}${more}`,
    ),
    ['/late (2 times)', '/import', '/early'],
  );
  t.regex(errors, /^ {4}\/early\.pih:2:10 TypeError: the early one$/m);
  t.regex(errors, /^ {4}\/late\.pih:1:\d+ SessionAttributeError: .*\n {4}\S/m);
  t.regex(
    errors,
    /^ {4}\/_run\.ts:2:9 Error: in a module\n {4}caused by \/_run\.ts:2:\d+ Error: the cause$/m,
  );
});

test('errors that a page throws on purpose, and errors of the client, are not listed', async (t) => {
  const site = await serveSite(t, { 'index.pih': '<% throw HttpError(503, "later") %>' }, { debug: true });
  await site.get('/');
  await site.get('/absent');
  t.is(await sectionOf(site, 'The last errors'), 'none');
});

test('the list of errors is bounded, and so is each error', async (t) => {
  const page = '<% throw new Error(_n + "x".repeat(5000)) %>';
  const site = await serveSite(t, { 'index.pih': page }, { debug: true });
  for (let n = 0; n < 30; n++) await site.get(`/?n=${n}-`);
  const errors = await sectionOf(site, 'The last errors');
  const shown = [...errors.matchAll(/Error: (\d+)-x/g)].map(([, n]) => Number(n));
  t.deepEqual(
    shown,
    Array.from({ length: 20 }, (_, index) => 29 - index),
  );
  t.true(errors.length < 20 * 700);
});

test('no secret is in the list of errors', async (t) => {
  const site = await serveSite(
    t,
    {
      'thrown.pih': '<% throw { user: "ann", password: "hunter2", house_key: "k3y", parole: "sesame" } %>',
      'card.pih': '<% throw new Error(`refused ${_card}`) %>',
      'login.pih': '<form method="post"><input type="password" name="parole"></form><% _parole %>',
    },
    { debug: true, secret_fields: ['house_key'] },
  );
  await site.get('/login');
  await site.get('/thrown?token=t0ken', {
    headers: { Cookie: 'sessionId=c00kie', Authorization: 'Bearer b34rer' },
  });
  await site.get('/card', { method: 'POST', body: new URLSearchParams({ card: '4111 1111 1111 1111' }) });
  const errors = await sectionOf(site, 'The last errors');
  t.regex(errors, /user: &#39;ann&#39;|user: 'ann'/);
  t.regex(errors, /refused ••••••/);
  t.notRegex(errors, /hunter2|k3y|sesame|t0ken|c00kie|b34rer|4111/);
});

test('markup and control characters of an error are shown as text', async (t) => {
  const page =
    '<% throw new Error("<script>alert(1)</script>\\u202e\\x1b[31m\\n12:00:00 GET /forged [500]") %>';
  const site = await serveSite(t, { 'index.pih': page }, { debug: true });
  await site.get('/');
  const text = await site.text(PAGE);
  for (const raw of ['<script>', '\u202e', '\u001b', '\n12:00:00']) t.false(text.includes(raw), raw);
  t.true(text.includes('&lt;script&gt;alert(1)&lt;/script&gt;\\u{202e}\\u{1b}[31m'));
});

test('the last save has taken effect if its pages compile; if not, the position of the error is shown', async (t) => {
  const site = await serveSite(
    t,
    { 'index.pih': 'one<%- Include("/_part.pih") %>', '_part.pih': '', 'other.pih': 'other' },
    { debug: true, watch: true },
  );
  t.is(await sectionOf(site, 'The last save'), 'Nothing was saved since the start. Every page compiles.');

  const index = (text: string) => site.write('index.pih', `${text}<%- Include("/_part.pih") %>`);
  const saved = await savedAlone(site, '/index.pih', () => index('two'));
  t.regex(saved, /^Saved at \d\d:\d\d:\d\d: \/index\.pih\. It has taken effect\. Every page compiles\.$/);
  t.is(await site.text('/'), 'two');

  t.regex(
    await savedAlone(site, '/_part.pih', () => site.write('_part.pih', '<p>\n<% const = 1 %></p>')),
    /_part\.pih\. It has not taken effect, because of an error:\n\/_part\.pih:2:\d+ /,
  );
  t.is((await site.get('/')).status, 500);

  // The error is in another file than the one that was saved last.
  t.regex(
    await savedAlone(site, '/index.pih', () => index('three')),
    /: \/index\.pih\. It has not taken effect, because of an error:\n\/_part\.pih:2:\d+ /,
  );

  // A page that the error does not reach.
  t.regex(
    await savedAlone(site, '/other.pih', () => site.write('other.pih', 'another')),
    /: \/other\.pih\. It has taken effect\. Pages that do not compile are answered with 500: see the errors\.$/,
  );

  t.regex(
    await savedAlone(site, '/_part.pih', () => removed(site, '_part.pih')),
    /_part\.pih\. It has not taken effect, .*\n\/index\.pih:1:\d+ /,
  );
});

test('saves at the same moment are one save', async (t) => {
  const site = await serveSite(t, { 'a.pih': 'one', 'b.pih': 'one' }, { debug: true, watch: true });
  const both = () => Promise.all(['a.pih', 'b.pih'].map((name) => site.write(name, 'two')));
  await both();
  t.regex(
    await savedText(site, /(?=.*\/a\.pih).*\/b\.pih/, both),
    /: \/[ab]\.pih, \/[ab]\.pih\. It has taken effect\./,
  );
});

test('without watch the page says that each request reads the newest files', async (t) => {
  const site = await serveSite(t, { 'index.pih': '<% let %>' }, { debug: true });
  t.regex(await sectionOf(site, 'The last save'), /^Saves are not watched .* Pages that do not compile /);
});

for (const [title, headers] of [
  ['another site asks', { 'Sec-Fetch-Site': 'cross-site' }],
  ['a neighbour of the site asks', { 'Sec-Fetch-Site': 'same-site' }],
  ['a proxy has passed the request on', { 'X-Forwarded-For': '192.0.2.1' }],
] as const)
  test(`404 if ${title}`, async (t) => {
    const site = await serveSite(
      t,
      { ...FILES, 'boom.pih': '<% throw new Error("boom") %>' },
      { debug: true },
    );
    await site.get('/boom');
    const response = await fetch(site.url + PAGE, { headers });
    t.is(response.status, 404);
    t.notRegex(await response.text(), /boom/);
  });

test('404 without debug, and where a proxy is trusted', async (t) => {
  for (const config of [{ debug: false }, { debug: true, trust_proxy: true }]) {
    const site = await serveSite(t, FILES, config);
    t.is((await fetch(site.url + PAGE)).status, 404);
  }
});

/** The text of a section of the page. */
async function sectionOf(site: TestSite, title: string): Promise<string> {
  const [, text = ''] = (await site.text(PAGE)).split(`<h2>${title}</h2>\n<pre>`);
  return text.slice(0, text.indexOf('</pre>'));
}

/** Removes a file. A file that is gone already is written first, so that the watcher has something to report. */
async function removed(site: TestSite, name: string): Promise<void> {
  const file = join(site.folder, name);
  if (!existsSync(file)) {
    await site.write(name, '');
    await past(250);
  }
  await rm(file);
}

/** The section of the last save after this one. */
async function savedAlone(site: TestSite, name: string, save: () => Promise<void>): Promise<string> {
  // Saves within 200 ms are one save.
  await past(250);
  await save();
  return savedText(site, new RegExp(`: ${name.replace('.', '\\.')}\\. `), save);
}

/** The section of the last save, as soon as it matches: the watcher reports a save after a moment. */
async function savedText(site: TestSite, wanted: RegExp, save: () => Promise<unknown>): Promise<string> {
  for (let looks = 1; ; looks++) {
    const text = await sectionOf(site, 'The last save');
    if (wanted.test(text)) return text;
    await past(50);
    // On a busy machine the reports of two saves may come together, or those of one apart.
    if (looks % 40 === 0) await save();
  }
}

function past(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
