// Render(path, data): the output of another page, which is not sent (docs/pages.md, *The output of another page*).

import test from 'ava';
import { errorText } from '../../engine/http/error-page/error-text.ts';
import { serveSite } from '../site-fixture.ts';

type Files = Readonly<Record<string, string>>;

const MAIL = 'Dear <%= ARGS.name %>, <%= ARGS.n %> & more';

const PRINTS: Readonly<Record<string, readonly [files: Files, output: string]>> = {
  'a text page gives a string, which is escaped where it is printed': [
    {
      'index.pih': `<% const mail = await Render('/_mails/a.txt.pih', { name: '<J>', n: 1 }) %><%= typeof mail %>: <%= mail %>`,
      '_mails/a.txt.pih': MAIL,
    },
    'string: Dear &lt;J&gt;, 1 &amp; more',
  ],
  'an HTML page gives markup, which is printed as it is in element text, and escaped elsewhere': [
    {
      'index.pih': `<% const row = await Render('_row.pih', { name: '<J>' }) %><%= row %><p title="<%= row %>">`,
      '_row.pih': '<b><%= ARGS.name %></b>',
    },
    '<b>&lt;J&gt;</b><p title="&lt;b&gt;&lt;J&gt;&lt;/b&gt;">'.replace(
      '&lt;J&gt;&lt;/b',
      '&amp;lt;J&amp;gt;&lt;/b',
    ),
  ],
  'its layout applies, and its sections are not those of the page': [
    {
      'index.pih': `<% Layout('_l.pih'); Section('side', () => { %>own<% }) %><%= await Render('_inner.pih') %>`,
      '_inner.pih': `<% Layout('_m.pih'); Section('side', () => { %>inner<% }) %>x`,
      '_l.pih': `(<%= CONTENT %>|<%= SECTION('side') %>)`,
      '_m.pih': `[<%= CONTENT %>|<%= SECTION('side') %>]`,
    },
    '([x|inner]|own)',
  ],
  'a computed path, and the kind of the page that it leads to': [
    {
      'index.pih': `<% for (const path of ['_a.pih', '_a.txt.pih']) { const got = await Render(path); %><%= typeof got %> <%= got %>;<% } %>`,
      '_a.pih': '<i>',
      '_a.txt.pih': '<i>',
    },
    'object <i>;string &lt;i&gt;;',
  ],
  'several at a time, in any order, print nothing of their own': [
    {
      'index.pih': `a<% const wait = (n: number) => Render('_slow.pih', { n });
        const all = await Promise.all([wait(30), wait(1), wait(15)]); %>b<%= all %>c`,
      '_slow.pih': '<% await new Promise((done) => setTimeout(done, ARGS.n)) %><i><%= ARGS.n %></i>',
    },
    'ab<i>30</i><i>1</i><i>15</i>c',
  ],
  'the request is that of the page': [
    {
      'index.pih': `<%= await Render('_a.txt.pih') %>`,
      '_a.txt.pih':
        '<%= _x %> <%= QUERY.x %> <%= REQUEST.path %> <%= RESPONSE.status %> <%= RESPONSE.headers.get("a") %> <%= CONFIG.debug %>',
    },
    '1 1 / 200  false',
  ],
  'a page includes and renders from there': [
    {
      'index.pih': `<%= await Render('a/_x.txt.pih') %>`,
      'a/_x.txt.pih': `<% Include('_y.txt.pih') %>|<%= await Render('_z.pih') %>`,
      'a/_y.txt.pih': 'y',
      'a/_z.pih': '<%= "<" %>',
    },
    'y|&amp;lt;',
  ],
  'an error in it can be caught, and nothing of it is printed': [
    {
      'index.pih': `a<% try { %><%= await Render('_bad.pih') %><% } catch (error) { %><%= String(error) %><% } %>b`,
      '_bad.pih': 'x<% throw new Error("no") %>',
    },
    'aError: nob',
  ],
  'a function of the page may call it': [
    {
      'index.pih': `<% const row = async (n: number) => Render('_row.pih', { n }); %><%= await row(1) %><%= await row(2) %>`,
      '_row.pih': '<i><%= ARGS.n %></i>',
    },
    '<i>1</i><i>2</i>',
  ],
};

for (const [title, [files, output]] of Object.entries(PRINTS)) {
  test(title, async (t) => {
    const site = await serveSite(t, files, { debug: false });
    t.is(await site.text('/?x=1'), output);
    t.deepEqual(site.logged, []);
  });
}

const FAILS: Readonly<Record<string, readonly [code: string, files: Files, place: string]>> = {
  'a page that does not exist': [
    'render-missing',
    { 'index.pih': `a\n<%= await Render('_none.pih') %>` },
    'index.pih:2:11',
  ],
  'a computed path that leads nowhere': [
    'render-missing',
    { 'index.pih': `a\n<% const path = '_none.pih' %><%= await Render(path) %>` },
    'index.pih:2:41',
  ],
  'a path outside of the site': [
    'render-missing',
    { 'index.pih': `<% const path = '../../x.pih' %><%= await Render(path) %>` },
    'index.pih:1:43',
  ],
  'a redirect': [
    'render-response',
    { 'index.pih': `<%= await Render('_a.pih') %>`, '_a.pih': `<p>\n<% redirect('/x') %>` },
    '_a.pih:2:4',
  ],
  'RESPONSE.send()': [
    'render-response',
    { 'index.pih': `<%= await Render('_a.pih') %>`, '_a.pih': `<% RESPONSE.send('x') %>` },
    '_a.pih:1:13',
  ],
  'RESPONSE.status': [
    'render-response',
    { 'index.pih': `<%= await Render('_a.pih') %>`, '_a.pih': '<% RESPONSE.status = 201 %>' },
    '_a.pih:1:20',
  ],
  'RESPONSE.headers': [
    'render-response',
    { 'index.pih': `<%= await Render('_a.pih') %>`, '_a.pih': `<% RESPONSE.headers.set('a', 'b') %>` },
    '_a.pih:1:21',
  ],
  'RESPONSE.setCookie()': [
    'render-response',
    { 'index.pih': `<%= await Render('_a.pih') %>`, '_a.pih': `<% RESPONSE.setCookie('a', 'b') %>` },
    '_a.pih:1:13',
  ],
  'RESPONSE.deleteCookie()': [
    'render-response',
    { 'index.pih': `<%= await Render('_a.pih') %>`, '_a.pih': `<% RESPONSE.deleteCookie('a') %>` },
    '_a.pih:1:13',
  ],
  'RESPONSE.flush()': [
    'render-response',
    { 'index.pih': `<%= await Render('_a.pih') %>`, '_a.pih': '<% await RESPONSE.flush() %>' },
    '_a.pih:1:19',
  ],
  'a layout as the page': [
    'layout-alone',
    { 'index.pih': `<%= await Render('_a.pih') %>`, '_a.pih': '<%= CONTENT %>' },
    '_a.pih:1:5',
  ],
  'a page that renders itself without end': [
    'include-depth',
    { 'index.pih': `<%= await Render('index.pih') %>` },
    'index.pih:1:11',
  ],
  'a forgotten await': [
    'output-promise',
    { 'index.pih': `<%= Render('_a.pih') %>`, '_a.pih': 'x' },
    'index.pih:1:5',
  ],
};

for (const [title, [code, files, place]] of Object.entries(FAILS)) {
  test(`${title} is an error at its position: ${code}`, async (t) => {
    const site = await serveSite(t, files);
    t.is((await site.get('/')).status, 500);
    const cause = site.logged[0]?.cause;
    t.is(Object(cause).code, code, site.logged[0]?.message);
    const text = errorText(cause, site.folder);
    t.true(text.startsWith(`${place}: `), text);
  });
}

test('a refused change of an inner page to the response is not made, even if the page catches the error', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% try { await Render('_a.pih') } catch {} %>ok`,
    '_a.pih': `<% try { redirect('/x') } catch {} try { RESPONSE.send('x') } catch {} RESPONSE.status = 404 %>`,
  });
  const response = await site.get('/');
  t.is(response.status, 200);
  t.is(await response.text(), 'ok');
});

test('HttpError in an inner page is that of the page', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<%= await Render('_a.pih') %>`,
    '_a.pih': '<% throw HttpError(404) %>',
  });
  t.is((await site.get('/')).status, 404);
});

test('the session is that of the page: seen by the compiler for a literal path, acquired for a computed one', async (t) => {
  const files = {
    'literal.pih': `<%= await Render('_count.txt.pih') %>`,
    'computed.pih': `<% const path = '_count.txt.pih' %><%= await Render(path) %>`,
    'both.pih': `<% Session().n = 10 %><%= await Render('_count.txt.pih') %>`,
    'deep.pih': `<%= await Render('_outer.pih') %>`,
    '_outer.pih': `<b><%= await Render('_count.txt.pih') %></b>`,
    '_count.txt.pih': '<% const s: any = Session(); s.n = s.get("n", 0) + 1 %><%= s.n %>',
  };
  for (const persistent_session of [false, true]) {
    const site = await serveSite(t, files, { persistent_session });
    const first = await site.get('/literal');
    t.is(await first.text(), '1');
    t.is(first.headers.get('cache-control'), 'private, no-store');
    const cookie = (first.headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? '';
    t.not(cookie, '');
    const again = (path: string) => site.text(path, { headers: { cookie } });
    t.is(await again('/computed'), '2');
    t.is(await again('/deep'), '<b>3</b>');
    t.is(await again('/both'), '11');
    await Promise.all(Array.from({ length: 20 }, () => again('/literal')));
    t.is(await again('/computed'), '32');
  }
});

test('an inner page is an edge of the dependency graph, so that a saved one is seen', async (t) => {
  const files = { 'index.pih': `<%= await Render('_a.txt.pih') %>`, '_a.txt.pih': 'one' };
  const site = await serveSite(t, files, { debug: true, watch: true });
  t.is(await site.text('/'), 'one');
  await site.write('_a.txt.pih', 'two');
  t.is(await site.text('/'), 'two');
  const live = await serveSite(t, files, { debug: false, watch: true });
  t.is(await live.text('/'), 'one');
  await live.write('_a.txt.pih', 'two');
  while ((await live.text('/')) === 'one') await new Promise((resolve) => setTimeout(resolve, 20));
  t.is(await live.text('/'), 'two');
});

test('app.render and views render pages within pages', async (t) => {
  const site = await serveSite(t, {
    '_mails/order.pih': `<p><%= await Render('order.txt.pih', { n: ARGS.n }) %></p>`,
    '_mails/order.txt.pih': 'Order <%= ARGS.n %>',
  });
  t.is(await site.app.render('/_mails/order.pih', { data: { n: '<5>' } }), '<p>Order &lt;5&gt;</p>');
});
