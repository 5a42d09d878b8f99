// The hosts that are answered: the Host line, absolute targets and X-Forwarded-Host, with and without debug
// (docs/configuration.md and README.md, *From URL to file*). The requests are sent over raw connections, because HTTP clients
// correct malformed ones.

import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { parsedHost, parsedHostPattern } from '../../config/host-name.ts';
import type { Config } from '../../config/schema.ts';
import { type FakeSite, fakeSite } from './fake-site.ts';

const SITE = {
  pages: {
    '/p': () => '<!DOCTYPE html><html><body>page</body></html>',
    '/boom': () => {
      throw new Error('of the page');
    },
    '/u': ({ REQUEST }: { REQUEST: { url: URL } }) => REQUEST.url.host,
  },
};

function siteWith(t: ExecutionContext, config: Partial<Config>): Promise<FakeSite> {
  return fakeSite(t, { ...SITE, config });
}

/** The status of the response to a request with these lines. */
async function statusOf(site: FakeSite, head: string, line = 'GET /p HTTP/1.1'): Promise<number> {
  const answer = await site.raw(`${line}\r\n${head}Connection: close\r\n\r\n`);
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
}

const LOCAL = [
  'localhost',
  'LOCALHOST:8080',
  'localhost.',
  'shop.localhost:1',
  '127.0.0.1',
  '127.9.8.7:65535',
  '192.168.1.5:80',
  '[::1]',
  '[::1]:8080',
  '[FE80::1]',
];
const FOREIGN = [
  'evil.example',
  'evil.example:8080',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'evil-localhost',
  'xlocalhost',
];
const NO_HOST = [
  '',
  'a@b',
  'a/b',
  '[',
  '[::1',
  '[1:2]',
  '::1',
  'a b',
  'a,b',
  'localhost:99999',
  'localhost:8080:1',
  'localhost:x',
  '.localhost',
  'a..b',
  '127.1',
  '0x7f.1',
  '2130706433',
  '127.0.0.256',
  'h\u00e4',
  'a%2eb',
  'a#b',
  'a?b',
  'a\\b',
  `${'a'.repeat(300)}`,
];

for (const debug of [true, false]) {
  const where = debug ? 'under debug' : 'without debug';
  test(`${where}, a text that is no host is 400, in the Host line and in an absolute target`, async (t) => {
    const site = await siteWith(t, { debug });
    for (const host of NO_HOST) {
      t.is(await statusOf(site, `Host: ${host}\r\n`), 400, `Host: ${host}`);
    }
    for (const authority of ['a@b', '[', 'user:pw@localhost', '127.1', '']) {
      const line = `GET http://${authority}/p HTTP/1.1`;
      t.is(await statusOf(site, 'Host: localhost\r\n', line), 400, authority); // host-malformed
    }
  });

  test(`${where}, two Host lines are 400`, async (t) => {
    const site = await siteWith(t, { debug });
    t.is(await statusOf(site, 'Host: localhost\r\nHost: localhost\r\n'), 400); // host-twice
    t.is(await statusOf(site, 'Host: localhost\r\nX: y\r\nhOST: evil.example\r\n'), 400);
  });
}

test('under debug addresses, localhost, its subdomains and the configured host are answered, no other host', async (t) => {
  const site = await siteWith(t, {
    debug: true,
    host: 'dev.example',
    allowed_hosts: ['mine.test', '.team.test'],
  });
  const more = ['dev.example', 'mine.test:1', 'team.test', 'a.b.team.test', 'TEAM.test.'];
  for (const host of [...LOCAL, ...more]) t.is(await statusOf(site, `Host: ${host}\r\n`), 200, host);
  for (const host of [...FOREIGN, 'a.mine.test', 'xteam.test', 'a.dev.example']) {
    t.is(await statusOf(site, `Host: ${host}\r\n`), 421, host); // host-refused
  }
});

test('without debug all hosts are answered, or the hosts of allowed_hosts', async (t) => {
  const open = await siteWith(t, {});
  for (const host of [...LOCAL, ...FOREIGN, 'a_b.example']) {
    t.is(await statusOf(open, `Host: ${host}\r\n`), 200, host);
  }
  const closed = await siteWith(t, { allowed_hosts: ['shop.example', '.example.org', '10.0.0.1', '::1'] });
  for (const host of ['Shop.Example:81', 'example.org', 'www.example.org.', '10.0.0.1:80', '[0:0::1]:8080']) {
    t.is(await statusOf(closed, `Host: ${host}\r\n`), 200, host);
  }
  for (const host of ['localhost', '127.0.0.1', 'www.shop.example', 'example.org.evil.example', '[::2]']) {
    t.is(await statusOf(closed, `Host: ${host}\r\n`), 421, host);
  }
});

test('a refused host learns nothing of the site, under debug neither', async (t) => {
  const site = await siteWith(t, { debug: true, watch: true, error_pages: { '421': '404.pih' } });
  const lines = [
    'GET /boom',
    'GET /p',
    'GET /nowhere',
    'POST /p',
    'GET /.karrigell/changes',
    'HEAD /.karrigell/state',
  ];
  for (const line of [...lines, 'GET /.karrigell/live-reload.js', 'OPTIONS /p', 'OPTIONS *']) {
    const answer = await site.raw(
      `${line} HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\nAccept: text/html\r\n` +
        'Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
    );
    t.regex(answer, /^HTTP\/1\.1 421 /, line);
    t.notRegex(answer, /of the page|<script|\.pih|\/site/, line);
    if (!line.startsWith('HEAD')) t.regex(answer, /allowed_hosts/, line);
  }
});

test('a request to upgrade the connection and one without a host are held to the same rule', async (t) => {
  const site = await siteWith(t, { debug: true });
  const upgrade = 'Upgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n';
  t.is(await statusOf(site, `Host: evil.example\r\n${upgrade}`), 421);
  t.is(await statusOf(site, `Host: localhost\r\n${upgrade}`), 200);
  t.is(await statusOf(site, '', 'GET /p HTTP/1.0'), 421);
  t.is(await statusOf(await siteWith(t, {}), '', 'GET /p HTTP/1.0'), 200);
  t.is(await site.raw('CONNECT evil.example:80 HTTP/1.1\r\nHost: localhost\r\n\r\n'), '');
});

test('the host of an absolute target goes before the Host line, and both must be allowed under debug', async (t) => {
  const debug = await siteWith(t, { debug: true });
  const line = 'GET http://evil.example/p HTTP/1.1';
  t.is(await statusOf(debug, 'Host: localhost\r\n', line), 421);
  t.is(await statusOf(debug, 'Host: evil.example\r\n', 'GET http://localhost/p HTTP/1.1'), 421);
  t.is(await statusOf(debug, 'Host: localhost:1\r\n', 'GET HTTP://LocalHost:2/p HTTP/1.1'), 200);
  const closed = await siteWith(t, { allowed_hosts: ['shop.example'] });
  t.is(await statusOf(closed, 'Host: shop.example\r\n', line), 421);
  const answer = await closed.raw(
    'GET http://shop.example/u HTTP/1.1\r\nHost: inner\r\nConnection: close\r\n\r\n',
  );
  t.true(answer.endsWith('\r\n\r\nshop.example'));
});

test('behind a trusted proxy the host that the visitor asked for counts', async (t) => {
  const config = { trust_proxy: ['127.0.0.1'], allowed_hosts: ['shop.example'] };
  const closed = await siteWith(t, config);
  const forwarded = (host: string) => `Host: inner\r\nX-Forwarded-Host: ${host}\r\n`;
  t.is(await statusOf(closed, forwarded('shop.example')), 200);
  t.is(await statusOf(closed, forwarded('evil.example')), 421);
  t.is(await statusOf(closed, forwarded('a@b')), 400);
  t.is(await statusOf(closed, 'Host: shop.example\r\n'), 200);
  t.is(await statusOf(closed, 'Host: inner\r\n'), 421);
  t.is(await statusOf(closed, 'Host: a@b\r\nX-Forwarded-Host: shop.example\r\n'), 400);
  const stranger = await siteWith(t, { ...config, trust_proxy: ['10.0.0.1'] });
  t.is(await statusOf(stranger, forwarded('shop.example')), 421);
});

test('under debug X-Forwarded-Host cannot lend a foreign page an allowed name', async (t) => {
  const site = await siteWith(t, { debug: true, trust_proxy: true });
  t.is(await statusOf(site, 'Host: evil.example\r\nX-Forwarded-Host: localhost\r\n'), 421);
  t.is(await statusOf(site, 'Host: localhost\r\nX-Forwarded-Host: evil.example\r\n'), 421);
  t.is(await statusOf(site, 'Host: localhost\r\nX-Forwarded-Host: 127.0.0.1\r\n'), 200);
});

test('many different hosts in a row get their own verdicts', async (t) => {
  const site = await siteWith(t, { allowed_hosts: ['.shop.example'] });
  for (let index = 0; index < 40; index++) {
    t.is(await statusOf(site, `Host: h${index}.shop.example\r\n`), 200);
    t.is(await statusOf(site, `Host: h${index}.evil.example\r\n`), 421);
  }
});

test('a host is the one that URLs of the request have', (t) => {
  const hostLike = fc.string({ unit: fc.constantFrom(...'a1.-_:[]0xF@/%é '.split('')), maxLength: 12 });
  fc.assert(
    fc.property(
      fc.oneof(
        hostLike,
        fc.webAuthority(),
        fc.ipV4(),
        fc.ipV6().map((ip) => `[${ip}]`),
      ),
      (text) => {
        const host = parsedHost(text);
        if (host === undefined) return;
        const { hostname, username, pathname } = new URL(`http://${text}/`);
        t.is(hostname.replace(/\.$/, ''), host.name);
        t.is(username + pathname, '/');
      },
    ),
    { numRuns: 3000 },
  );
  t.is(parsedHostPattern('.10.0.0.1'), undefined);
  t.is(parsedHostPattern('shop.example:80'), undefined);
  t.is(parsedHostPattern('[::1]:80'), undefined);
  t.is(parsedHostPattern('*'), undefined);
  t.like(parsedHostPattern('[0::1]'), { name: '[::1]', subdomains: false });
});
