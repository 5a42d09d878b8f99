// A session cookie that its browser will not send back: said once in the log, with what to change, and only where it is sure.

import type { ExecutionContext } from 'ava';
import type { SessionConfig } from '../../config/schema.ts';
import type { SessionRequest } from '../../engine/session/index.ts';
import { everyStore } from './every-store.ts';
import { COOKIE, set, type TestPage, type TestSite, Visitor } from './site.ts';

type RequestedUrl = NonNullable<SessionRequest['url']>;

const HTTP: RequestedUrl = { secure: false, host: 'www.example.org', path: '/cart' };

const rule = (
  title: string,
  cookie: Partial<SessionConfig['cookie']>,
  run: (t: ExecutionContext, site: TestSite) => Promise<void>,
) => everyStore(title, run, { session: { cookie: { ...COOKIE, ...cookie } } });

/** The messages that are logged when a new visitor asks for this URL. */
async function loggedFor(
  site: TestSite,
  asked: RequestedUrl | undefined,
  page: (s: TestPage) => void = () => undefined,
): Promise<readonly string[]> {
  const before = site.log.length;
  await site.visit(new Visitor(), page, undefined, { url: asked, secure: asked?.secure ?? false });
  return site.log.slice(before);
}

const LOST: readonly (readonly [
  cookie: Partial<SessionConfig['cookie']>,
  asked: RequestedUrl,
  why: string,
  change: string,
])[] = [
  [{ secure: true }, HTTP, 'it is Secure, and the browser came by http', '"secure": "auto"'],
  [{ same_site: 'none' }, HTTP, 'it is Secure, and the browser came by http', '"same_site": "lax"'],
  [{ name: '__Host-sid' }, HTTP, 'it is Secure, and the browser came by http', '"name": "sid"'],
  [{ path: '/shop' }, HTTP, "its path '/shop' does not cover '/cart'", '"path": "/"'],
  [{ path: '/car' }, HTTP, "its path '/car' does not cover '/cart'", '"path": "/"'],
  [{ path: '/cart/' }, HTTP, "its path '/cart/' does not cover '/cart'", '"path": "/"'],
  [
    { domain: 'example.com' },
    HTTP,
    "its domain 'example.com' is not that of the host 'www.example.org'",
    '"domain": null',
  ],
  [
    { domain: 'xample.org' },
    HTTP,
    "its domain 'xample.org' is not that of the host 'www.example.org'",
    '"domain": null',
  ],
];

for (const [cookie, asked, why, change] of LOST) {
  rule(`lost by ${JSON.stringify(cookie)}: said once, with the line to change`, cookie, async (t, site) => {
    const [said = '', ...more] = await loggedFor(site, asked);
    t.deepEqual(more, []);
    t.true(said.includes("page 'test.pih'"), said);
    t.true(said.includes(why), said);
    t.true(said.includes(`"session": { "cookie": { ${change} } }`), said);
    t.is(said.includes('trust_proxy'), why.includes('Secure'), said);
    t.deepEqual(await loggedFor(site, asked), []);
    t.deepEqual(await loggedFor(site, { ...asked, path: '/other' }), []);
  });
}

const KEPT: readonly (readonly [
  cookie: Partial<SessionConfig['cookie']>,
  asked: RequestedUrl | undefined,
])[] = [
  [{}, HTTP],
  [{ secure: true }, { ...HTTP, secure: true }],
  [{ secure: true, path: '/shop', domain: 'example.com' }, undefined],
  [{ secure: true }, { ...HTTP, host: 'localhost' }],
  [{ secure: true }, { ...HTTP, host: 'shop.localhost' }],
  [{ secure: true }, { ...HTTP, host: '127.0.0.1' }],
  [{ secure: true }, { ...HTTP, host: '[::1]' }],
  [{ secure: true }, { ...HTTP, host: undefined }],
  [
    { same_site: 'none', name: '__Secure-sid' },
    { ...HTTP, secure: true },
  ],
  [{ path: '/cart' }, HTTP],
  [{ path: '/cart' }, { ...HTTP, path: '/cart/3' }],
  [{ path: '/cart/' }, { ...HTTP, path: '/cart/3' }],
  [{ path: '/shop' }, { ...HTTP, path: undefined }],
  [{ domain: 'example.org' }, HTTP],
  [{ domain: '.Example.org' }, HTTP],
  [{ domain: 'www.example.org' }, HTTP],
  [{ domain: '127.0.0.1' }, { ...HTTP, host: '127.0.0.1' }],
];

for (const [cookie, asked] of KEPT) {
  rule(
    `no message is logged for ${JSON.stringify(cookie)} and ${JSON.stringify(asked)}`,
    cookie,
    async (t, site) => {
      t.deepEqual(await loggedFor(site, asked), []);
      t.deepEqual(await loggedFor(site, asked, (s) => set(s, 'a', 1)), []);
    },
  );
}

rule(
  'each setting is logged by itself, and again when the configuration has changed',
  { path: '/shop' },
  async (t, site) => {
    t.is((await loggedFor(site, HTTP)).length, 1);
    const cookie = { ...COOKIE, path: '/shop', secure: true } as const;
    site.sessions.configure({ ...site.config, session: { ...site.config.session, cookie } });
    t.regex((await loggedFor(site, HTTP)).join(), /Secure/);
    t.regex((await loggedFor(site, { ...HTTP, secure: true })).join(), /its path/);
    t.deepEqual(await loggedFor(site, HTTP), []);
  },
);

rule('the remedy for a setting of the page names the page', {}, async (t, site) => {
  const said = await loggedFor(site, HTTP, (s) => Object.assign(s.cookie, { path: '/admin' }));
  t.is(said.length, 1);
  t.regex(said.join(), /Set s\.cookie\.path to "\/" in the page/);
});

rule(
  'no message is logged for a visitor whose cookie has come back, nor for a read-only page',
  { path: '/shop' },
  async (t, site) => {
    const asked = { ...HTTP, path: '/shop/1' };
    const visitor = new Visitor();
    await site.visit(visitor, (s) => set(s, 'a', 1), undefined, { url: asked });
    await site.visit(visitor, (s) => s.regenerate(), undefined, { url: HTTP });
    await site.visit(visitor, (s) => s.close(), undefined, { url: HTTP });
    await site.visit(new Visitor(), (s) => s.get('a'), { read_only: true }, { url: HTTP });
    t.deepEqual(site.log, []);
  },
);

rule(
  'with "write" a lost cookie is logged when a page stores something',
  { path: '/shop', when: 'write' },
  async (t, site) => {
    t.deepEqual(await loggedFor(site, HTTP), []);
    t.is((await loggedFor(site, HTTP, (s) => set(s, 'a', 1))).length, 1);
  },
);
