// Headers of the greatest length that Node accepts, of all kinds of characters: the CPU time of a request grows linearly with
// their length. The growth is measured; requests that cost nearly nothing are not compared.

import { request } from 'node:http';
import test from 'ava';
import { serveSite } from '../site-fixture.ts';

const LONG = 14_000;
const SHORT = LONG / 4;
/** The greatest growth for four times the length. Quadratic growth would be about ten, with the constant cost of a request. */
const MOST_GROWTH = 6;
/** Below this many microseconds the constant cost of a request prevails. */
const NOTHING = 30_000;

const HEADERS: readonly (readonly [name: string, start: string])[] = [
  ['range', 'bytes='],
  ['if-none-match', ''],
  ['if-none-match', 'W/"'],
  ['if-match', '"'],
  ['if-range', '"'],
  ['if-modified-since', ''],
  ['cookie', 'sessionId='],
  ['cookie', ''],
  ['accept', 'text/html'],
  ['accept-language', ''],
  ['content-type', 'multipart/form-data; boundary='],
  ['content-type', 'application/x-www-form-urlencoded;'],
  ['x-forwarded-for', '['],
  ['x-forwarded-host', ''],
  ['origin', 'http://'],
  ['sec-fetch-site', ''],
  ['referer', 'http://a.example/?'],
  ['user-agent', ''],
];

const PIECES = [
  ' ',
  'a',
  '1',
  '"',
  '<',
  '-',
  '/',
  '\\',
  '=',
  ',',
  ';',
  '%',
  '[',
  '.',
  ':',
  'a ',
  '%2',
  '1-',
  ', "',
  '?#',
];

test('the cost of a long header is linear in its length', async (t) => {
  t.timeout(600_000);
  const site = await serveSite(
    t,
    {
      'index.pih': '<% const s = Session(); %><p><%= REQUEST.cookies.a %> <%= _x %></p>',
      'file.txt': 'text',
    },
    { trust_proxy: true, log: 'combined', debug: false },
  );
  const send = (path: string, headers: Record<string, string>) =>
    new Promise<void>((done, failed) => {
      const sent = request(site.url + path, { method: path === '/' ? 'POST' : 'GET', headers, agent: false });
      sent.on('error', failed);
      sent.on('response', (response) => response.resume().on('end', done));
      sent.end();
    });
  const cost = async (path: string, headers: Record<string, string>): Promise<number> => {
    const before = process.cpuUsage();
    await send(path, headers);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  for (const path of ['/', '/file.txt']) await send(path, {});
  for (const [name, start] of HEADERS)
    for (const piece of PIECES)
      for (const path of ['/', '/file.txt']) {
        const header = (length: number) => ({
          [name]: `${start}${piece.repeat(length / piece.length)}!`,
        });
        let growth = Number.POSITIVE_INFINITY;
        for (let attempt = 0; attempt < 5 && growth > MOST_GROWTH; attempt++) {
          const long = await cost(path, header(LONG));
          growth = long < NOTHING ? 0 : long / Math.max(1, await cost(path, header(SHORT)));
        }
        t.true(growth <= MOST_GROWTH, `${path} ${name}: ${start}${piece}… grew ${growth} times`);
      }
});
