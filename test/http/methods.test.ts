// OPTIONS and HEAD: the pages that run for them, and the response if none does (README.md, *From URL to file*).

import test from 'ava';
import { serveSite } from '../site-fixture.ts';
import { fakeSite } from './fake-site.ts';

const ALL = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

/** Pages with their response to OPTIONS: the page's text, or the methods of Allow. */
const PAGES: readonly (readonly [page: string, answer: string])[] = [
  ['plain<% throw new Error("ran") %>', ALL],
  ['<%= REQUEST.path %><%= REQUEST.headers.get("a") %>', ALL],
  ['<% const method = "x" %><%= method %>', ALL],
  ['asks <%= REQUEST.method %>', 'asks OPTIONS'],
  ['<% const { method } = REQUEST %>takes <%= method %>', 'takes OPTIONS'],
  ['<% const of = (r: any) => r.method %>hands on <%= of(REQUEST) %>', 'hands on OPTIONS'],
  ['<% const key = "method" %>computes <%= REQUEST[key] %>', 'computes OPTIONS'],
  ['includes <% Include("/_part.pih") %>', 'includes part OPTIONS'],
];

for (const [page, answer] of PAGES) {
  test(`OPTIONS of ${page} is ${answer}`, async (t) => {
    const site = await serveSite(t, { 'index.pih': page, '_part.pih': 'part <%= REQUEST.method %>' });
    const response = await site.get('/', { method: 'OPTIONS' });
    t.is(response.status, answer === ALL ? 204 : 200);
    t.is(response.headers.get('allow') ?? (await response.text()), answer);
  });
}

test('OPTIONS of a file and of the whole server have Allow, OPTIONS of an absent file is 404', async (t) => {
  const site = await serveSite(t, { 'style.css': 'p{}', 'index.pih': '' });
  const file = await site.get('/style.css', { method: 'OPTIONS' });
  t.is(file.status, 204);
  t.is(file.headers.get('allow'), 'GET, HEAD, OPTIONS');
  t.is((await site.get('/none', { method: 'OPTIONS' })).status, 404);
  const fake = await fakeSite(t, { pages: {} });
  const whole = await fake.raw('OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  t.regex(whole, /^HTTP\/1\.1 204 .*\r\nAllow: GET, HEAD, POST/s);
});

test('HEAD runs the page and sends no body', async (t) => {
  const site = await serveSite(t, { 'index.pih': '<% RESPONSE.headers.set("X-Ran", REQUEST.method) %>body' });
  const response = await site.get('/', { method: 'HEAD' });
  t.is(response.headers.get('x-ran'), 'HEAD');
  t.is(response.headers.get('content-length'), '4');
  t.is(await response.text(), '');
});
