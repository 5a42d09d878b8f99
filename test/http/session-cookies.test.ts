// The session cookie between a page and a browser: several cookies of one name, a login whose response was lost, a cookie that
// the browser does not return, and one that is set at the first write.

import { request } from 'node:http';
import test from 'ava';
import type { ConfigInput } from '../../config/schema.ts';
import { browserTest, visit } from '../browser.ts';
import { serveSite, type TestSite } from '../site-fixture.ts';
import { Visitor } from '../visitor.ts';

const FILES = {
  'count.pih': "<% const s = Session(); s.n = s.get('n', 0) + 1; %><%= s.n %>",
  'shop/count.pih': "<% const s = Session(); s.n = s.get('n', 0) + 1; %><%= s.n %>",
  'look.pih': "<%= Session().get('n', 'none') %>",
  'cookies.pih': '<% RESPONSE.send(JSON.stringify(REQUEST.cookies)) %>',
  'login.pih': `<% const s = Session(); s.regenerate(); s.user = 'jean'; redirect('/who') %>`,
  'slow-login.pih': `<% const s = Session(); s.regenerate(); s.user = 'jean';
await new Promise((go) => setTimeout(go, 300)); redirect('/who') %>`,
  'who.pih': "<%= Session().get('user', 'nobody') %>",
  'bye.pih': '<% Session().close() %>bye',
  'fails.pih': "<% Session(); throw new Error('oops') %>",
  'shop/fails.pih': "<% Session(); throw new Error('oops') %>",
  'shop/gone.pih': "<% Session(); throw HttpError(410, 'no more') %>",
  'gone.pih': "<% Session(); throw HttpError(410, 'no more') %>",
};

const STORES: Readonly<Record<string, ConfigInput>> = {
  memory: {},
  json: { persistent_session: true },
  cookie: { persistent_session: { store: 'cookie', secrets: ['hunter2 hunter2 hunter2 hunter2 hunter2'] } },
};

/** A GET request with these headers and Host, which fetch() would not send. */
function get(
  site: TestSite,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly body: string; readonly cookies: readonly string[] }> {
  return new Promise((resolve, reject) => {
    const sent = request(site.url + path, { headers }, async (response) => {
      const body = (await response.toArray()).join('');
      resolve({ status: response.statusCode ?? 0, body, cookies: response.headers['set-cookie'] ?? [] });
    });
    sent.on('error', reject).end();
  });
}

for (const [store, config] of Object.entries(STORES)) {
  test(`${store}: a stale cookie of the same name shadows nothing, and REQUEST.cookies is as it was`, async (t) => {
    const site = await serveSite(t, FILES, config);
    const stale = `sessionId=${'A'.repeat(48)}`;
    const visitor = new Visitor(site.url);
    await visitor.get('/count');
    for (let n = 2; n < 5; n++) {
      const cookie = `${stale}; sessionId=${visitor.cookies.get('sessionId')}`;
      const answer = await get(site, '/count', { cookie });
      t.is(answer.body, String(n));
      if (store === 'cookie')
        visitor.cookies.set('sessionId', /=([^;]*)/.exec(answer.cookies[0] ?? '')?.[1] ?? '');
      else t.deepEqual(answer.cookies, []);
    }
    t.deepEqual(JSON.parse((await get(site, '/cookies', { cookie: 'sessionId=1; a=b; sessionId=2' })).body), {
      sessionId: '1',
      a: 'b',
    });
  });
}

for (const store of ['memory', 'json']) {
  test(`${store}: a login whose answer was lost can be repeated at once`, async (t) => {
    const site = await serveSite(t, FILES, STORES[store]);
    const visitor = new Visitor(site.url);
    await visitor.get('/count');
    const cookie = `sessionId=${visitor.cookies.get('sessionId')}`;
    t.is((await get(site, '/login', { cookie })).status, 303);
    t.is((await get(site, '/count', { cookie })).status, 409);
    t.is((await visitor.get('/login')).status, 303);
    t.is(await visitor.text('/who'), 'jean');
  });
}

const LOST: ConfigInput = { session: { cookie: { path: '/shop' } } };

test('a cookie that cannot come back is said once in the log, with the line to change', async (t) => {
  const site = await serveSite(t, FILES, LOST);
  for (let n = 0; n < 3; n++) t.is(await site.text('/count'), '1');
  t.is(site.logged.length, 1);
  t.like(site.logged[0], { level: 'warn' });
  t.regex(
    site.logged[0]?.message ?? '',
    /page 'count\.pih'.*'\/shop' does not cover '\/count'.*"path": "\/"/,
  );
  const visitor = new Visitor(site.url);
  await visitor.get('/shop/count');
  t.is(await visitor.text('/shop/count'), '2');
  t.is(site.logged.length, 1);
});

test('the error page and the hints of a status page tell of it under debug, and only then', async (t) => {
  const html = { accept: 'text/html' };
  const debug = await serveSite(t, FILES, { ...LOST, debug: true });
  for (const path of ['/fails', '/gone']) {
    const page = await debug.text(path, { headers: html });
    t.true(page.includes('does not cover'), path);
    t.true(page.includes('&#34;path&#34;: &#34;/&#34;'), path);
    t.false((await debug.text(`/shop${path}`, { headers: html })).includes('does not cover'), path);
  }
  t.regex(await debug.text('/fails'), /Warning\n {2}Session cookie: page 'fails\.pih' gives/);
  const live = await serveSite(t, FILES, { ...LOST, debug: false });
  for (const path of ['/fails', '/gone'])
    t.false((await live.text(path, { headers: html })).includes('does not cover'), path);
  const covered = await serveSite(t, FILES, { debug: true });
  t.false((await covered.text('/fails', { headers: html })).includes('will not send it back'));
});

const SECURE: ConfigInput = { session: { cookie: { secure: true } } };
const FORWARDED: readonly (readonly [
  what: string,
  config: ConfigInput,
  headers: Record<string, string>,
  said: boolean,
])[] = [
  ['http', {}, { host: 'lan.test' }, true],
  ['http from this machine, of which browsers take a Secure cookie', {}, { host: 'localhost:1' }, false],
  ['a proxy that is not trusted', {}, { host: 'lan.test', 'x-forwarded-proto': 'https' }, false],
  ['a proxy that says nothing of the scheme', {}, { host: 'lan.test', via: '1.1 proxy' }, false],
  [
    'a trusted proxy, over https',
    { trust_proxy: true },
    { host: 'inner', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'lan.test' },
    false,
  ],
  [
    'a trusted proxy, over http',
    { trust_proxy: true },
    { host: 'inner', 'x-forwarded-proto': 'http', 'x-forwarded-host': 'lan.test' },
    true,
  ],
  [
    'a trusted proxy that does not say the host',
    { trust_proxy: true },
    { host: 'inner', 'x-forwarded-proto': 'http' },
    false,
  ],
];

for (const [what, config, headers, said] of FORWARDED) {
  test(`a Secure cookie for ${what} is ${said ? 'logged as lost' : 'not logged'}`, async (t) => {
    const site = await serveSite(t, FILES, { ...SECURE, ...config, debug: false });
    t.is((await get(site, '/count', headers)).status, 200);
    t.is(site.logged.length, said ? 1 : 0);
    if (said) t.regex(site.logged[0]?.message ?? '', /came by http\..*"secure": "auto".*"trust_proxy"/);
  });
}

test('with "write" a page that reads sends no cookie and is kept by no cache, and a page that stores sends the cookie', async (t) => {
  const site = await serveSite(t, FILES, { session: { cookie: { when: 'write' } } });
  const visitor = new Visitor(site.url);
  const read = await visitor.get('/look');
  t.is(await read.text(), 'none');
  t.deepEqual(read.headers.getSetCookie(), []);
  t.is(read.headers.get('cache-control'), 'private, no-store');
  t.is(read.headers.get('vary'), 'Cookie');
  await visitor.get('/count');
  t.is(await visitor.text('/count'), '2');
  t.is(await visitor.text('/look'), '2');
});

test('with "write" a flash sends the cookie, with a redirect too', async (t) => {
  const files = {
    'save.pih': "<% Session().flash('notice', 'Saved'); redirect('/show') %>",
    'show.pih': "<%= Session().flash('notice') ?? 'nothing' %>",
  };
  const site = await serveSite(t, files, { session: { cookie: { when: 'write' } } });
  const visitor = new Visitor(site.url);
  await visitor.get('/save');
  t.deepEqual([await visitor.text('/show'), await visitor.text('/show')], ['Saved', 'nothing']);
});

browserTest(
  'Chromium: a login that is clicked again before its answer has come ends logged in',
  async (t) => {
    for (const pause of [20, 120]) {
      const site = await serveSite(t, FILES);
      await visit({}, async (page) => {
        await page.goto(`${site.url}/count`);
        await page.evaluate(
          `location.href = '/slow-login'; setTimeout(() => { location.href = '/login' }, ${pause})`,
        );
        await page.waitForURL('**/who');
        t.is(await page.textContent('body'), 'jean', `${pause} ms`);
      });
    }
  },
);

/** Sets session.cookie.path to "/" while the site runs. */
function coverAll({ app, config }: TestSite): Promise<void> {
  const { session } = config;
  return app.configure({
    config: { ...config, session: { ...session, cookie: { ...session.cookie, path: '/' } } },
    file: undefined,
  });
}

browserTest('Chromium: a counter goes on when session.cookie.path has changed', async (t) => {
  const site = await serveSite(t, FILES, LOST);
  await visit({}, async (page) => {
    const shown = async (path: string) => {
      await page.goto(site.url + path);
      return page.textContent('body');
    };
    t.is(await shown('/shop/count'), '1');
    await coverAll(site);
    t.is(await shown('/count'), '1');
    t.is(await shown('/count'), '2');
    t.is(await shown('/shop/count'), '2');
    t.is(await shown('/shop/count'), '3');
    await shown('/bye');
    t.is(await shown('/look'), 'none');
  });
});

browserTest('Chromium: after close() with two live cookies neither is sent again', async (t) => {
  const site = await serveSite(
    t,
    { ...FILES, 'shop/bye.pih': FILES['bye.pih'], 'shop/cookies.pih': FILES['cookies.pih'] },
    LOST,
  );
  await visit({}, async (page) => {
    const shown = async (path: string) => {
      await page.goto(site.url + path);
      return page.textContent('body');
    };
    await shown('/shop/count');
    await coverAll(site);
    await shown('/count');
    t.is((await page.context().cookies()).length, 2);
    await shown('/shop/bye');
    t.deepEqual(await page.context().cookies(), []);
    t.is(await shown('/count'), '1');
  });
});
