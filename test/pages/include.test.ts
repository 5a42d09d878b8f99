// Include: another page in place (README.md, *Names of a page*).

import test from 'ava';
import { serveSite } from '../site-fixture.ts';

test('an included page prints where it is called, with its data as ARGS', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `a<% Include('_part.pih', { x: '<1>' }) %>b<%= 2 %><% Include('/sub/_deep.pih') %>`,
    '_part.pih': '[<%= ARGS.x %>]',
    'sub/_deep.pih': `(<% Include('../_part.pih', { x: 3 }) %>)`,
  });
  t.is(await site.text('/'), 'a[&lt;1&gt;]b2([3])');
});

test('an included page shares the request with the page that includes it', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% Include('_p.pih') %>`,
    '_p.pih': '<%= _q %><% RESPONSE.status = 201 %>',
  });
  const response = await site.get('/?q=7');
  t.is(response.status, 201);
  t.is(await response.text(), '7');
});

test('an asynchronous page is awaited', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `a<% await Include('_p.pih') %>c`,
    '_p.pih': '<%= await "b" %>',
  });
  t.is(await site.text('/'), 'abc');
});

test('an asynchronous page that is not awaited is refused where the path is literal (include-not-awaited)', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `a\n <% Include('_p.pih') %>c`,
    '_p.pih': '<%= await "b" %>',
  });
  const [finding] = await site.app.pages.check();
  t.like(finding, { severity: 'error', problem: { code: 'include-not-awaited', line: 2, column: 5 } });
});

test('an asynchronous page that is not awaited is an error where the path is computed (include-unfinished)', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% const p = '_p.pih'; Include(p) %>c`,
    '_p.pih': '<%= await "b" %>',
  });
  t.is((await site.get('/')).status, 500);
  t.like(site.logged[0]?.cause, { code: 'include-unfinished' });
});

test('a page that is missing is refused where it is named (include-missing)', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% Include('_no.pih') %>`,
    'out.pih': `<% const p = '../../x.pih'; Include(p) %>`,
  });
  t.like((await site.app.pages.check())[0], {
    severity: 'error',
    problem: { code: 'include-missing', line: 1, column: 4 },
  });
  t.is((await site.get('/out')).status, 500);
  t.like(site.logged[0]?.cause, { code: 'include-missing' });
});

test('an include that fails has printed nothing', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `a<% try { Include('_p.pih') } catch { print('caught') } %>b`,
    '_p.pih': 'lost<% throw new Error("x") %>',
  });
  t.is(await site.text('/'), 'acaughtb');
});

test('pages that include each other without end are an error, and the server stays up (include-depth)', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% Include('_p.pih') %>`,
    '_p.pih': `<% Include('/index.pih') %>`,
    'ok.pih': 'ok',
  });
  t.is((await site.get('/')).status, 500);
  t.like(site.logged[0]?.cause, { code: 'include-depth' });
  t.is(await site.text('/ok'), 'ok');
});

const CIRCLES: readonly (readonly [
  what: string,
  files: Readonly<Record<string, string>>,
  message: RegExp,
])[] = [
  [
    'two pages, behind one that begins it',
    {
      'index.pih': `<% Include('_a.pih') %>`,
      '_a.pih': `<% if (1) Include('sub/_b.pih') %>`,
      'sub/_b.pih': `<% Include('/_other.pih'); Include('../_a.pih') %>`,
      '_other.pih': '',
    },
    /^\/?\S+ is nested more than 100 pages deep: (?:_a\.pih → sub\/_b\.pih → _a\.pih|sub\/_b\.pih → _a\.pih → sub\/_b\.pih)$/,
  ],
  [
    'a page that includes itself',
    { 'index.pih': `<% await Include('index.pih') %>` },
    /deep: index\.pih → index\.pih$/,
  ],
  [
    'an include and a layout',
    { 'index.pih': `<% Layout('_l.pih') %>`, '_l.pih': `<%= CONTENT %><% Include('/index.pih') %>` },
    /deep: (?:index\.pih → _l\.pih → index\.pih|_l\.pih → index\.pih → _l\.pih)$/,
  ],
  [
    'no page by name where the paths are computed',
    { 'index.pih': `<% const self = '/index.pih'; Include(self) %>` },
    /^\/index\.pih is nested more than 100 pages deep$/,
  ],
];

for (const [what, files, message] of CIRCLES) {
  test(`the error of pages without end names the circle: ${what} (include-depth)`, async (t) => {
    const site = await serveSite(t, files);
    t.is((await site.get('/')).status, 500);
    const cause = site.logged[0]?.cause;
    t.like(cause, { code: 'include-depth' });
    t.regex(cause instanceof Error ? cause.message : '', message);
  });
}

test('a page may include itself as long as it comes to an end', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% Include('_tree.pih', { depth: 3 }) %>`,
    '_tree.pih': `(<%= ARGS.depth %><% if (ARGS.depth > 0) Include('_tree.pih', { depth: ARGS.depth - 1 }) %>)`,
  });
  t.is(await site.text('/'), '(3(2(1(0))))');
});

test('a page that cannot be read is an error of its own (page-unreadable)', async (t) => {
  const site = await serveSite(t, { 'index.pih': 'x' });
  const [finding] = await site.app.pages.check([`${site.folder}/missing.pih`]);
  t.like(finding, {
    severity: 'error',
    problem: { code: 'page-unreadable', file: `${site.folder}/missing.pih` },
  });
});
