// The client's address behind proxies: the evaluation of X-Forwarded-For, and headers that a stranger forges.

import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import test from 'ava';
import { peerOf, proxyTrust } from '../../engine/http/proxy-trust.ts';
import { fakeSite } from './fake-site.ts';

function peer(address: string, headers: Record<string, string>, trusted: boolean | string[]) {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: address });
  const incoming = new IncomingMessage(socket);
  Object.assign(incoming.headers, { host: 'inner', ...headers });
  const { ip, secure, host } = peerOf(incoming, proxyTrust(trusted), incoming.headers.host);
  return `${ip} ${secure ? 'https' : 'http'} ${host}`;
}

const FORWARDED = {
  'x-forwarded-for': '1.1.1.1, 2.2.2.2',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'shop.example',
};

test('without trust no header counts', (t) => {
  t.is(peer('9.9.9.9', FORWARDED, false), '9.9.9.9 http inner');
  t.is(peer('9.9.9.9', FORWARDED, ['10.0.0.0/8']), '9.9.9.9 http inner');
});

test('the walk goes from the right, as far as hops are trusted', (t) => {
  t.is(peer('10.0.0.1', FORWARDED, ['10.0.0.0/8']), '2.2.2.2 https shop.example');
  t.is(peer('10.0.0.1', FORWARDED, ['10.0.0.0/8', '2.2.2.2']), '1.1.1.1 https shop.example');
  t.is(peer('10.0.0.1', FORWARDED, true), '1.1.1.1 https shop.example');
  t.is(peer('::ffff:10.0.0.1', FORWARDED, ['10.0.0.1']), '2.2.2.2 https shop.example');
  t.is(peer('fd00::7', FORWARDED, ['fd00::/8']), '2.2.2.2 https shop.example');
});

test('proxy headers that the visitor sent before the proxy count for nothing', (t) => {
  const forged = {
    'x-forwarded-for': '127.0.0.1, 6.6.6.6',
    'x-forwarded-host': 'evil.example, shop.example',
    'x-forwarded-proto': 'https, http',
  };
  t.is(peer('10.0.0.1', forged, ['10.0.0.1']), '6.6.6.6 http shop.example');
});

test('of a list that several proxies have written, the outermost trusted entry counts', (t) => {
  const chain = { 'x-forwarded-proto': 'https,http', 'x-forwarded-host': 'shop.example, inner.example' };
  // All proxies are trusted, whatever number of addresses X-Forwarded-For has.
  t.is(peer('10.0.0.1', chain, true), '10.0.0.1 https shop.example');
  t.is(peer('10.0.0.1', { ...chain, 'x-forwarded-for': '1.1.1.1' }, true), '1.1.1.1 https shop.example');
  t.is(
    peer('10.0.0.1', { ...chain, 'x-forwarded-for': '1.1.1.1, 10.0.0.2' }, ['10.0.0.0/8']),
    '1.1.1.1 https shop.example',
  );
  // One proxy is trusted, so entries before that of the proxy may be the visitor's.
  t.is(peer('10.0.0.1', chain, ['10.0.0.1']), '10.0.0.1 http inner.example');
});

test('ports and brackets are taken off, rubbish ends the walk', (t) => {
  t.is(peer('10.0.0.1', { 'x-forwarded-for': '1.1.1.1:81' }, true), '1.1.1.1 http inner');
  t.is(peer('10.0.0.1', { 'x-forwarded-for': '[2001:db8::1]:443' }, true), '2001:db8::1 http inner');
  t.is(peer('10.0.0.1', { 'x-forwarded-for': '1.1.1.1, unknown' }, true), '10.0.0.1 http inner');
  t.is(peer('10.0.0.1', { 'x-forwarded-for': ' , ,' }, true), '10.0.0.1 http inner');
});

test('a page sees the outer address, and its cookies are secure', async (t) => {
  const site = await fakeSite(t, {
    pages: {
      '/p': ({ REQUEST, RESPONSE }) => {
        RESPONSE.setCookie('a', 'b');
        return `${REQUEST.url.href} ${REQUEST.ip}`;
      },
    },
    config: { trust_proxy: ['127.0.0.1'] },
  });
  const response = await site.ask('/p?x', { headers: FORWARDED });
  t.is(await response.text(), 'https://shop.example/p?x 2.2.2.2');
  t.is(response.headers.get('set-cookie'), 'a=b; Path=/; HttpOnly; Secure; SameSite=Lax');
});
