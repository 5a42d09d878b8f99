// Cross-site requests: the table of attacks that are refused, and of requests that are accepted.

import test from 'ava';
import { comesFromOtherSite } from '../../engine/http/cross-site.ts';
import { fakeSite } from './fake-site.ts';

interface Case {
  readonly says: string;
  readonly method?: string;
  readonly path?: string;
  readonly fetch_site?: string;
  readonly origin?: string;
  readonly host?: string;
  readonly allowed?: readonly string[];
  readonly refused: boolean;
}

const CASES: readonly Case[] = [
  { says: 'a form of this site', fetch_site: 'same-origin', refused: false },
  { says: 'a request typed by the visitor', fetch_site: 'none', refused: false },
  { says: 'a form of another site', fetch_site: 'cross-site', refused: true },
  { says: 'a form of a sibling domain', fetch_site: 'same-site', refused: true },
  { says: 'Sec-Fetch-Site in another spelling', fetch_site: 'Same-Origin', refused: true },
  {
    says: 'another site with an Origin that looks right',
    fetch_site: 'cross-site',
    origin: 'http://a.example',
    refused: true,
  },
  { says: 'an old browser, own page', origin: 'http://a.example', refused: false },
  { says: 'an old browser, other page', origin: 'http://b.example', refused: true },
  { says: 'another port', origin: 'http://a.example:81', refused: true },
  { says: 'the own host as a beginning', origin: 'http://a.example.evil.example', refused: true },
  { says: 'the own host as user name', origin: 'http://a.example@evil.example', refused: true },
  { says: 'a sandboxed frame', origin: 'null', refused: true },
  { says: 'a local file', origin: 'file://', refused: true },
  { says: 'no URL at all', origin: 'a.example', refused: true },
  { says: 'an empty Origin', origin: '', refused: true },
  { says: 'https before a proxy that says nothing of it', origin: 'https://a.example', refused: false },
  {
    says: 'the default port written out',
    origin: 'https://a.example',
    host: 'a.example:443',
    refused: false,
  },
  { says: 'a host in capitals', origin: 'http://a.example', host: 'A.Example', refused: false },
  { says: 'an IPv6 host', origin: 'http://[::1]:8080', host: '[::1]:8080', refused: false },
  { says: 'a broken Host', origin: 'http://a.example', host: 'a b', refused: true },
  { says: 'curl or a webhook', refused: false },
  { says: 'GET from anywhere', method: 'GET', fetch_site: 'cross-site', refused: false },
  { says: 'HEAD from anywhere', method: 'HEAD', origin: 'http://b.example', refused: false },
  { says: 'OPTIONS from anywhere', method: 'OPTIONS', origin: 'http://b.example', refused: false },
  { says: 'PUT from elsewhere', method: 'PUT', fetch_site: 'cross-site', refused: true },
  {
    says: 'get in small letters, which is another method',
    method: 'get',
    fetch_site: 'cross-site',
    refused: true,
  },
  { says: 'a listed path', fetch_site: 'cross-site', allowed: ['/pay/return'], refused: false },
  {
    says: 'a path below a listed one',
    path: '/pay/return/x',
    fetch_site: 'cross-site',
    allowed: ['/pay/return'],
    refused: true,
  },
  {
    says: 'a listed path, encoded',
    path: '/pay%2Freturn',
    fetch_site: 'cross-site',
    allowed: ['/pay/return'],
    refused: true,
  },
  {
    says: 'a listed path with dots',
    path: '/pay/return/../x',
    fetch_site: 'cross-site',
    allowed: ['/pay/return'],
    refused: true,
  },
  {
    says: 'a listed origin',
    fetch_site: 'cross-site',
    origin: 'https://pay.example',
    allowed: ['https://pay.example'],
    refused: false,
  },
  {
    says: 'a listed origin with http',
    origin: 'http://pay.example',
    allowed: ['https://pay.example'],
    refused: true,
  },
  {
    says: 'an origin when a path is listed',
    origin: 'https://b.example',
    path: '/x',
    allowed: ['/pay/return'],
    refused: true,
  },
];

for (const {
  says,
  refused,
  allowed = [],
  method = 'POST',
  path = '/pay/return',
  host = 'a.example',
  ...rest
} of CASES) {
  test(`${says} is ${refused ? 'refused' : 'let in'}`, (t) => {
    const request = { method, path, host, fetch_site: rest.fetch_site, origin: rest.origin };
    t.is(comesFromOtherSite(request, new Set(allowed)), refused);
  });
}

test('a refused request is 403 and never reaches the page', async (t) => {
  let ran = false;
  const site = await fakeSite(t, {
    pages: {
      '/order': () => {
        ran = true;
        return 'ordered';
      },
    },
    config: { debug: true },
  });
  const init = { method: 'POST', headers: { origin: 'http://evil.example' } };
  const response = await site.ask('/order', init);
  t.is(response.status, 403);
  t.true((await response.text()).includes('evil.example')); // cross-site
  t.false(ran);
  site.config = { ...site.config, cross_site: ['/order'] };
  t.is(await (await site.ask('/order', init)).text(), 'ordered');
});

test('behind a trusted proxy the host that the visitor asked for counts, behind another one it does not', async (t) => {
  const site = await fakeSite(t, {
    pages: { '/order': () => 'ordered' },
    config: { trust_proxy: ['127.0.0.1'] },
  });
  const headers = {
    origin: 'https://shop.example',
    'x-forwarded-host': 'shop.example',
    'x-forwarded-proto': 'https',
  };
  t.is((await site.ask('/order', { method: 'POST', headers })).status, 200);
  site.config = { ...site.config, trust_proxy: false };
  t.is((await site.ask('/order', { method: 'POST', headers })).status, 403);
});
