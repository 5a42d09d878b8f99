// `safe` in pages (README.md, *Names of a page*): a text is trusted only in the kind of context that it names.

import test from 'ava';
import { printed, serveSite } from '../site-fixture.ts';

const TRUSTED: readonly (readonly [page: string, output: string])[] = [
  [`<a href="<%= safe.url('tel+x:1') %>">a</a>`, '<a href="tel+x:1">a</a>'],
  [`<a href="<%= 'tel+x:1' %>">a</a>`, '<a href="#blocked">a</a>'],
  [`<p style="color: <%= safe.css('rgb(1, 2, 3)') %>"></p>`, '<p style="color: rgb(1, 2, 3)"></p>'],
  [`<script>f(<%= safe.js('window.a') %>)</script>`, '<script>f(window.a)</script>'],
  [`<p title="<%= safe.attribute('a &amp; b') %>"></p>`, '<p title="a &amp; b"></p>'],
];

for (const [page, output] of TRUSTED) {
  test(`${page} prints ${output}`, async (t) => {
    t.is(await printed(t, page), output);
  });
}

test('a value that is safe in one context is escaped in every other', async (t) => {
  const values = ['url', 'css', 'js', 'attribute'];
  const page = values.map((kind) => `<p><%= safe.${kind}('<b>') %></p>`).join('');
  t.is(await printed(t, page), '<p>&lt;b&gt;</p>'.repeat(4));
  t.is(await printed(t, `<a href="<%= safe.js('javascript:x') %>">`), '<a href="#blocked">');
});

test('a module that names safe is told to take the value from the page', async (t) => {
  const site = await serveSite(t, {
    'index.pih': '<% import { u } from "./_u.ts" %><%= u %>',
    '_u.ts': 'export const u = safe.url("x");',
  });
  t.like((await site.app.pages.check())[0], { severity: 'error', problem: { code: 'page-name-in-module' } });
});
