// html`…` is markup of the page's author: no data can pass for its template (README.md, *The page language*).

import test from 'ava';
import { serveSite } from '../site-fixture.ts';

const PAGE = "<p><%= html(QUERY['x[]']) %></p>";

test('an array of fields is no template', async (t) => {
  const site = await serveSite(t, { 'index.pih': PAGE }, { debug: false });
  for (const query of [
    '?x[]=<script>1</script>',
    '?x[]=a&x[]=b',
    '',
    '?x[]=a&x[]=b&x[raw]=c',
    '?x[].raw=a&x[]=b',
  ]) {
    const response = await site.get(`/${query}`);
    t.is(response.status, 500, query);
    t.false((await response.text()).includes('<script>1</script>'), query);
  }
  t.regex(String(site.logged[0]?.cause), /html was not called with a template/);
});

const DATA = [
  '["<b>1</b>"]',
  '"<b>1</b>"',
  'null',
  '{"0":"<b>1</b>","length":1,"raw":["<b>1</b>"]}',
  '{"__proto__":["<b>1</b>"],"raw":["<b>1</b>"]}',
  '[["<b>1</b>"]]',
];

test('no JSON is a template, as it came or frozen or from the session', async (t) => {
  const site = await serveSite(
    t,
    {
      'json.pih': '<p><%= html(REQUEST.json() as any) %></p>',
      'frozen.pih': '<p><%= html(Object.freeze(REQUEST.json()) as any) %></p>',
      'session.pih': '<% const s = Session(); s.x = REQUEST.json(); %><p><%= html(s.x as any) %></p>',
      'raw.pih': '<% const x = Object.assign(["<b>1</b>"], { raw: ["<b>1</b>"] }) %><p><%= html(x) %></p>',
    },
    { debug: false },
  );
  for (const path of ['/json', '/frozen', '/session', '/raw'])
    for (const body of DATA) {
      const response = await site.get(path, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
      const text = await response.text();
      t.is(response.status, 500, `${path} ${body}: ${text}`);
      t.false(text.includes('<b>1</b>'), `${path} ${body}`);
    }
  const codes = site.logged.map(({ cause }) => Reflect.get(Object(cause), 'code'));
  t.deepEqual([...new Set(codes)], ['html-template']);
});

test('values in a template are never markup', async (t) => {
  const site = await serveSite(t, {
    'index.pih': '<%= html`<i>${REQUEST.json() as any}</i>` %>',
    'array.pih': "<%= html`<i>${QUERY['x[]']}</i>` %><%= QUERY['x[]'] %>",
  });
  const body = '["<b>",["<u>"]]';
  t.is(await site.text('/', { method: 'POST', body }), '<i>&lt;b&gt;,&lt;u&gt;</i>');
  t.is(await site.text('/array?x[]=<b>&x[]=c'), '<i>&lt;b&gt;,c</i>&lt;b&gt;,c');
});

test('a template with an escape sequence that is none is refused', async (t) => {
  const site = await serveSite(t, { 'index.pih': '<%= html`<b>\\u{zz}</b>` %>' });
  t.is((await site.get('/')).status, 500);
  t.regex(String(site.logged[0]?.cause), /valid escape sequences/);
});
