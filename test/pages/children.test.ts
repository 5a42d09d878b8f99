// Children of an included page: Include(path, data, () => { … }), printed by its CONTENT (docs/pages.md, *Parts with children*).

import test from 'ava';
import { serveSite } from '../site-fixture.ts';

const CARD = '<div class="card"><h2><%= ARGS?.title %></h2><%= CONTENT %></div>';
const ASYNC_CARD = `<% await null %>${CARD}`;

const PRINTS: Readonly<Record<string, readonly [files: Readonly<Record<string, string>>, output: string]>> = {
  'children are printed where the part prints CONTENT': [
    {
      'index.pih': `a<% Include('_card.pih', { title: 'T' }, () => { %><p><%= '<' %></p><% }) %>b`,
      '_card.pih': CARD,
    },
    'a<div class="card"><h2>T</h2><p>&lt;</p></div>b',
  ],
  'without data the function is the second argument': [
    { 'index.pih': `<% Include('_card.pih', () => { %>x<% }) %>`, '_card.pih': CARD },
    '<div class="card"><h2></h2>x</div>',
  ],
  'children use the variables of the page': [
    {
      'index.pih': `<% for (const n of [1, 2]) Include('_card.pih', { title: n }, () => print(n * 10)) %>`,
      '_card.pih': CARD,
    },
    '<div class="card"><h2>1</h2>10</div><div class="card"><h2>2</h2>20</div>',
  ],
  'children hold parts with children of their own': [
    {
      'index.pih': `<% Include('_card.pih', { title: 1 }, () => { Include('_card.pih', { title: 2 }, () => { %>x<% }) }) %>`,
      '_card.pih': CARD,
    },
    '<div class="card"><h2>1</h2><div class="card"><h2>2</h2>x</div></div>',
  ],
  'a part gives its children on': [
    {
      'index.pih': `<% Include('_outer.pih', () => { %>x<% }) %>`,
      '_outer.pih': `<% Include('_card.pih', { title: 'T' }, () => { %>[<%= CONTENT %>]<% }) %>`,
      '_card.pih': CARD,
    },
    '<div class="card"><h2>T</h2>[x]</div>',
  ],
  'a part prints its children twice, or not at all': [
    {
      'index.pih': `<% Include('_twice.pih', () => { %>x<% }); Include('_never.pih', () => { %>x<% }) %>`,
      '_twice.pih': '<%= CONTENT %><%= CONTENT %>',
      '_never.pih': '<i></i>',
    },
    'xx<i></i>',
  ],
  'asynchronous children of a synchronous part': [
    {
      'index.pih': `<% await Include('_card.pih', { title: 'T' }, async () => { %>a<% await null; %>b<% }) %>`,
      '_card.pih': CARD,
    },
    '<div class="card"><h2>T</h2>ab</div>',
  ],
  'synchronous children of an asynchronous part': [
    {
      'index.pih': `<% await Include('_card.pih', { title: 'T' }, () => { %>x<% }) %>`,
      '_card.pih': ASYNC_CARD,
    },
    '<div class="card"><h2>T</h2>x</div>',
  ],
  'a part with children that fails has printed nothing': [
    {
      'index.pih': `a<% try { Include('_bad.pih', () => { %>x<% }) } catch { %>c<% } %>b`,
      '_bad.pih': '<%= CONTENT %><% throw new Error("no") %>',
    },
    'acb',
  ],
  'children that fail have printed nothing': [
    {
      'index.pih': `a<% try { Include('_card.pih', () => { %>x<% throw new Error("no") }) } catch { %>c<% } %>b`,
      '_card.pih': CARD,
    },
    'acb',
  ],
  'sections that children set are those of the page': [
    {
      'index.pih': `<% Layout('_l.pih'); Include('_card.pih', () => { Section('side', () => { %>s<% }); %>x<% }) %>`,
      '_card.pih': CARD,
      '_l.pih': `<%= CONTENT %>|<%= SECTION('side') %>`,
    },
    '<div class="card"><h2></h2>x</div>|s',
  ],
  'a part with children may have a layout': [
    {
      'index.pih': `<% Include('_inner.pih', () => { %>x<% }) %>`,
      '_inner.pih': `<% Layout('_l.pih') %>(<%= CONTENT %>)`,
      '_l.pih': '<main><%= CONTENT %></main>',
    },
    '<main>(x)</main>',
  ],
};

for (const [title, [files, output]] of Object.entries(PRINTS)) {
  test(title, async (t) => {
    const site = await serveSite(t, files);
    t.is(await site.text('/'), output);
    t.deepEqual(site.logged, []);
  });
}

const FAILS: Readonly<Record<string, readonly [code: string, page: string]>> = {
  'children that are no function': ['include-children', `<% Include('_card.pih', {}, 'x' as never) %>`],
  'asynchronous children that are not awaited': [
    'include-not-awaited',
    `<% Include('_card.pih', {}, async () => { await null }) %>`,
  ],
  'asynchronous children of a variable that are not awaited': [
    'include-unfinished',
    `<% const fill = async () => { await new Promise(() => {}) }; void Include('_card.pih', {}, fill) %>`,
  ],
  'children inside a tag': ['include-inside', `<p <% Include('_card.pih', {}, () => {}) %>>`],
  'children that end inside a tag': ['function-differs', `<% Include('_card.pih', {}, () => { %><p <% }) %>`],
  'a part that prints CONTENT without children': ['layout-alone', `<% Include('_card.pih') %>`],
  'children that print at the same time': [
    'children-unfinished',
    `<% const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));
      const one = async () => { %>a<% await wait(20) }, two = async () => { %>b<% await wait(60) };
      await Promise.all([Include('_card.pih', {}, one), Include('_card.pih', {}, two)]) %>`,
  ],
};

for (const [title, [code, page]] of Object.entries(FAILS)) {
  test(`${title}: ${code}`, async (t) => {
    const site = await serveSite(t, { 'index.pih': page, '_card.pih': CARD });
    const response = await site.get('/');
    t.is(response.status, 500);
    const [logged] = site.logged;
    t.is(Object(logged?.cause).code, code, logged?.message);
  });
}

test('a part with children streams, the children themselves do not', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% await Include('_slow.pih', () => { %>x<% }) %>`,
    '_slow.pih': '<%= CONTENT %><% await RESPONSE.flush() %>y',
    'bad.pih': `<% await Include('_slow.pih', async () => { await RESPONSE.flush() }) %>`,
  });
  t.is(await site.text('/'), 'xy');
  t.is((await site.get('/bad')).status, 500);
  t.is(Object(site.logged[0]?.cause).code, 'flush-not-here');
});
