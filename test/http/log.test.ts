// The lines of the request log.

import test from 'ava';
import { combinedLine, jsonLine, textLine } from '../../engine/http/request-log.ts';
import { fakeSite } from './fake-site.ts';

const TIME = new Date(2026, 10, 21, 12, 30, 1).getTime();
const ENTRY = {
  time: Date.UTC(2026, 10, 21, 12, 30, 1),
  ms: 10.6,
  status: 200,
  method: 'GET',
  path: '/cart',
  ip: '::1',
  bytes: 12,
  version: '1.1',
  referer: undefined,
  agent: 'a "b"\n',
};

test('text tells time, status, method, path and duration', (t) => {
  t.is(textLine(TIME, 200, 'GET', '/cart', 10.6, false), '12:30:01 [200] GET /cart 11 ms');
  t.is(textLine(TIME, 404, 'GET', '/', 0, true), '12:30:01 \x1b[33m[404]\x1b[39m GET / 0 ms');
});

test('a visitor cannot forge a line or colour a terminal', (t) => {
  t.is(textLine(TIME, 200, 'GET', '/a\n12:30:01 [200]\x1b[2J\u2028', 0, false).split('\n').length, 1);
  t.true(textLine(TIME, 200, 'GET', '/\x1b[2J', 0, false).includes('/\\u{1b}[2J'));
  t.true(combinedLine(ENTRY).endsWith('"a \\"b\\"\\\\u{a}"'));
});

test('json and combined have their forms', (t) => {
  t.deepEqual(JSON.parse(jsonLine(ENTRY)), {
    time: '2026-11-21T12:30:01.000Z',
    status: 200,
    method: 'GET',
    path: '/cart',
    ms: 11,
    ip: '::1',
    bytes: 12,
  });
  t.true(
    combinedLine(ENTRY).startsWith('::1 - - [21/Nov/2026:12:30:01 +0000] "GET /cart HTTP/1.1" 200 12 "-" '),
  );
});

test('queries are logged in no form, not even the query of the referring page; false logs nothing', async (t) => {
  const site = await fakeSite(t, { pages: { '/hello': () => 'hello' } });
  const headers = { referer: 'http://a.example/x?token=secret' };
  for (const log of ['text', 'json', 'combined'] as const) {
    site.config = { ...site.config, log };
    await site.ask('/hello?token=secret', { headers });
    t.true(site.lines.at(-1)?.includes('/hello'));
    t.false(site.lines.join().includes('secret'));
  }
  site.config = { ...site.config, log: false };
  await site.ask('/hello');
  t.is(site.lines.length, 3);
});
