// The session on the developer page: the size and time of its text are limited, whatever its values are.

import test from 'ava';
import { serveSite } from '../site-fixture.ts';

/** Values that a page stores, with their text on the developer page. */
const SHOWN: Readonly<Record<string, readonly [store: string, shown: string]>> = {
  'a list with a far index': ['s.x = Object.assign([], { 4294967294: "far" })', 'undefined,'],
  'lists of fifty lists, five deep': [
    'let list: unknown[] = ["leaf"]; for (let n = 0; n < 6; n++) list = new Array(50).fill(list); s.x = list',
    '…',
  ],
  'a list that holds itself': ['const list: unknown[] = []; list.push(list, list); s.x = list', '…'],
  'a long text': ['s.x = "y".repeat(20_000_000)', '(20000000 characters)'],
  'a Map of a million': ['s.x = new Map(Array.from({ length: 1e6 }, (_, n) => [n, "item"]))', 'item'],
  'a BigInt of many digits': ['s.x = 1n << 20_000_000n', '(a long BigInt)'],
  'an accessor that throws': ['s.x = { get bad() { throw new Error("bad"); } }', '(cannot be shown)'],
};

for (const [what, [store, shown]] of Object.entries(SHOWN)) {
  test(`the error page shows a session that holds ${what}`, async (t) => {
    const page = `<% const s = Session(); ${store}; throw new Error("after it") %>`;
    const site = await serveSite(t, { 'index.pih': page }, { debug: true });
    const response = await site.get('/', { headers: { accept: 'text/html' } });
    const html = await response.text();
    t.is(response.status, 500);
    t.true(html.includes('after it'));
    t.true(html.includes(shown), html.slice(html.indexOf('Session'), 2000));
    t.true(html.length < 300_000);
  });
}
