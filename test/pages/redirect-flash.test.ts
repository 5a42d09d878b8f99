// redirect(url, { flash: { … } }): values for the page that the redirect leads to (README.md, *Names of a page*).

import { join } from 'node:path';
import test from 'ava';
import type { ConfigInput } from '../../config/schema.ts';
import type { SessionNeed } from '../../engine/runtime/page-types.ts';
import { serveSite } from '../site-fixture.ts';
import { Visitor } from '../visitor.ts';

const STORES: Readonly<Record<string, ConfigInput>> = {
  memory: {},
  'JSON files': { persistent_session: true },
  'the cookie': {
    persistent_session: { store: 'cookie', secrets: ['a secret of at least thirty-two characters'] },
  },
  'memory, with a cookie only when a page writes': { session: { cookie: { when: 'write' } } },
};

const FILES = {
  'save.pih': `<% redirect('/', { flash: { notice: 'Saved <1>', 'two words': [1, { a: null }] } }) %>`,
  'status.pih': `<% redirect('/', 302, { flash: { notice: 'Moved' } }) %>`,
  'options.pih': `<% const options = { flash: { notice: 'Computed' } }; redirect('/', options) %>`,
  'function.pih': `<% const leave = (notice: string): never => redirect('/', { flash: { notice } }); leave('From a function') %>`,
  'caught.pih': `<% try { redirect('/', { flash: { notice: 'Caught' } }) } catch {} %>`,
  'part.pih': `<% Include('_part.pih') %>`,
  '_part.pih': `<% redirect('/', { flash: { notice: 'From a part' } }) %>`,
  'async.pih': `<% await null; redirect('/', { flash: { notice: 'Late' } }) %>`,
  'refused.pih': `<% try { redirect('https://x.example/', { flash: { notice: 'Never' } }) } catch {} redirect('/') %>`,
  'closed.pih': `<% Session().close(); redirect('/', { flash: { notice: 'Bye' } }) %>`,
  'index.pih': `<% const s = Session() %><%= s.flash('notice') ?? 'none' %> <%= JSON.stringify(s.flash('two words')) %> <%= Object.keys(s).length %>`,
};

for (const [store, config] of Object.entries(STORES)) {
  test(`flash values are there on the next page, once: ${store}`, async (t) => {
    const site = await serveSite(t, FILES, config);
    const visitor = new Visitor(site.url);
    const shown: readonly (readonly [string, string])[] = [
      ['/save', 'Saved &lt;1&gt; [1,{&#34;a&#34;:null}] 0'],
      ['/status', 'Moved  0'],
      ['/options', 'Computed  0'],
      ['/function', 'From a function  0'],
      ['/caught', 'Caught  0'],
      ['/part', 'From a part  0'],
      ['/async', 'Late  0'],
      ['/refused', 'none  0'],
      ['/closed', 'Bye  0'],
    ];
    for (const [path, text] of shown) {
      const response = await visitor.get(path);
      t.is(response.status, path === '/status' ? 302 : 303, path);
      t.is(response.headers.get('location'), '/');
      t.is(await visitor.text('/'), text, path);
      t.is(await visitor.text('/'), 'none  0', path);
    }
    t.deepEqual(site.logged, []);
  });
}

test('parallel redirects of one session lose no flash value', async (t) => {
  const site = await serveSite(
    t,
    {
      'save.pih': `<% redirect('/', { flash: { [_name ?? '']: _name } }) %>`,
      'index.pih': `<% const s = Session() %><%= ${JSON.stringify([...'abcdefgh'])}.map((name) => s.flash(name)).join('') %>`,
    },
    { persistent_session: true },
  );
  const visitor = new Visitor(site.url);
  await visitor.text('/');
  await Promise.all([...'abcdefgh'].map((name) => visitor.get(`/save?name=${name}`)));
  t.is(await visitor.text('/'), 'abcdefgh');
});

/** Pages, and the need that the compiler sees in them. */
const NEEDS: readonly (readonly [page: string, need: SessionNeed])[] = [
  [`<% redirect('/') %>`, 'none'],
  [`<% redirect(_next, { fallback: '/' }) %>`, 'none'],
  [`<% redirect('/', 301) %>`, 'none'],
  [`<% redirect('/', _x ? 301 : 302, { external: true }) %>`, 'none'],
  [`<% redirect(_x ?? '/', undefined, { 'status': 301 }) %>`, 'none'],
  [`<% const url = { flash: 1 }; redirect(String(url)) %>`, 'none'],
  [`<% redirect('/', { flash: { a: 1 } }) %>`, 'write'],
  [`<% redirect('/', { 'flash': { a: 1 } } as const) %>`, 'write'],
  [`<% redirect('/', 301, { ['flash']: { a: 1 } }) %>`, 'write'],
  [`<% redirect('/', _x ? { status: 301 } : { flash: { a: 1 } }) %>`, 'write'],
  [`<% const o = {}; redirect('/', o) %>`, 'write'],
  [`<% const o = {}; redirect('/', { ...o }) %>`, 'write'],
  [`<% const name = 'status'; redirect('/', { [name]: 301 }) %>`, 'write'],
  [`<% const all: [string] = ['/']; redirect(...all) %>`, 'write'],
  [`<% const go = redirect; go('/') %>`, 'write'],
  [`<% const redirect = (...all: unknown[]) => all; redirect('/', { flash: { a: 1 } }) %>`, 'none'],
];

test('a flash counts as a use of the session; other redirects do not change the need of their page', async (t) => {
  const files = Object.fromEntries(NEEDS.map(([page], index) => [`p${index}.pih`, page]));
  const site = await serveSite(t, files);
  for (const [index, [page, need]] of NEEDS.entries())
    t.is((await site.app.pages.load(join(site.folder, `p${index}.pih`))).need, need, page);
});

test('a flash that is no object is an error, and the redirect does not happen', async (t) => {
  const site = await serveSite(t, { 'index.pih': `<% redirect('/x', { flash: 'Saved' as never }) %>` });
  t.is((await site.get('/')).status, 500);
  t.is(Object(site.logged[0]?.cause).code, 'redirect-flash');
});

test('a program that renders a page has the flash values in the session', async (t) => {
  const site = await serveSite(t, { 'index.pih': `<% redirect('/x', { flash: { notice: 'Saved' } }) %>` });
  await t.throwsAsync(site.app.render('/'), { name: 'Redirect' });
});
