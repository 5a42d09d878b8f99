// The features of uliweb (weto).

import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { missingHere } from '../missing-here.ts';
import { OURS, option } from '../session/rows/row.ts';
import { STORES } from '../session/store-rows.ts';
import { opened } from '../session/stores/databases.ts';
import { RedisServer, whyNot } from '../session/stores/redis-server.ts';
import { serveSite } from '../site-fixture.ts';
import { Visitor } from '../visitor.ts';
import { isDatabase, lastsAbout, placeOf, rowsOf, serveOver, whenChanged } from './row.ts';

const row = rowsOf('uliweb');
const COUNT = { 'index.pih': '<% const s = Session(); s.n = s.get("n", 0) + 1 %><%= s.n %>' };
const LOOK = '<%= Session({ touch: false }).get("n", "none") %>';

row('the same pages over file, database and redis', COUNT, async (t, visitor) => {
  for (const n of ['1', '2', '3']) t.is(await visitor.text('/'), n);
});

test('uliweb: file: a folder for the data, another one for the locks', async (t) => {
  const site = await serveSite(
    t,
    {
      'index.pih':
        '<% import { readdirSync } from "node:fs"; Session().n = 1; await null %><%= readdirSync(_locks!, { recursive: true }).some((name) => String(name).endsWith(".lock")) %>',
    },
    { persistent_session: { store: 'json', dir: 'data', lock_dir: 'locks' } },
  );
  const base = dirname(site.folder);
  const visitor = new Visitor(site.url);
  await visitor.get('/');
  t.is(await visitor.text(`/?locks=${join(base, 'locks')}`), 'true');
  const files = await readdir(join(base, 'data'), { recursive: true });
  t.is(files.filter((name) => name.endsWith('.json')).length, 1);
  t.is(files.filter((name) => name.endsWith('.lock')).length, 0);
});

for (const store of STORES.filter(isDatabase)) {
  test(`${store.name}: uliweb: database: url, table and auto_create`, async (t) => {
    const site = await serveOver(t, store, COUNT);
    const { dir, config } = placeOf(site);
    const visitor = new Visitor(site.url);
    for (const n of ['1', '2']) t.is(await visitor.text('/'), n);
    const other = { store: 'database', url: option(placeOf(site), 'url'), table: `${OURS}_none` };
    t.like(config, { table: option(placeOf(site), 'table') });
    const without = { persistent_session: { ...other, auto_create: false } };
    const refused = await t.throwsAsync(serveSite(t, COUNT, without), { instanceOf: Problem });
    t.is(refused?.code, 'session-table-missing');
    t.regex(refused?.remedy ?? '', /CREATE TABLE/);
    const made = await serveSite(t, COUNT, { persistent_session: other });
    t.is(await made.text('/'), '1');
    const operator = await opened(other.url, dir);
    await operator.count(`DROP TABLE ${other.table}`, []);
    await operator.close();
  });
}

const redisMissing = whyNot('redis');
if (redisMissing !== undefined) missingHere(redisMissing, 'the tests of its socket');
const withRedis: (title: string, run: (t: ExecutionContext) => Promise<void>) => void =
  redisMissing === undefined ? test : () => undefined;

withRedis('uliweb: redis: unix_socket_path, or host and port', async (t) => {
  const server = await RedisServer.prepare('redis');
  await server.start();
  t.teardown(() => server.remove());
  const site = await serveSite(t, COUNT, {
    persistent_session: { store: 'redis', unix_socket_path: server.socket },
  });
  const visitor = new Visitor(site.url);
  for (const n of ['1', '2']) t.is(await visitor.text('/'), n);
});

row(
  'ordinary sessions: cookie and session end together',
  { 'index.pih': '<% Session().n = 1 %>', 'look.pih': LOOK },
  async (t, visitor, _site, store) => {
    const began = performance.now();
    const response = await visitor.get('/');
    t.true(lastsAbout(response, 1, store));
    t.is(await whenChanged(visitor, '/look', '1'), 'none');
    t.true(performance.now() - began >= 1000);
  },
  { config: { session: { timeout: 1, cookie: { timeout: 1 } } } },
);

row(
  'a cookie that ends with the browser, over a session with a timeout of its own',
  { 'index.pih': '<% Session().n = 1 %>', 'look.pih': LOOK },
  async (t, visitor) => {
    const cookie = (await visitor.get('/')).headers.get('set-cookie') ?? '';
    t.notRegex(cookie, /max-age|expires/i);
    t.is(await whenChanged(visitor, '/look', '1'), 'none');
  },
  { config: { session: { timeout: 1 } } },
);

row(
  'remember me: 30 days for session and cookie',
  {
    'in.pih': '<% const s = Session(); s.remember = true; s.user = "x" %>',
    'get.pih':
      '<% const s = Session() %><%= s.user %> <%= Math.floor((s.expires!.getTime() - Date.now()) / 86_400_000) >= 29 %>',
  },
  async (t, visitor, _site, store) => {
    t.true(lastsAbout(await visitor.get('/in'), 2_592_000, store));
    t.is(await visitor.text('/get'), 'x true');
  },
);

row(
  'force: every request moves the deadline',
  { 'index.pih': '<% Session().n = 1 %>', 'look.pih': '<%= Session().expires!.getTime() %>' },
  async (t, visitor) => {
    await visitor.text('/');
    const first = Number(await visitor.text('/look'));
    t.true(Number(await whenChanged(visitor, '/look', String(first))) > first);
  },
  { config: { session: { force: true } } },
);

row(
  'cookie id, timeout, domain, path and secure',
  { 'shop/index.pih': '<% Session().n = 1 %>' },
  async (t, _, site, store) => {
    const response = await site.get('/shop/');
    t.true(lastsAbout(response, 60, store));
    for (const cookie of response.headers.getSetCookie()) {
      t.regex(cookie, /^weto/);
      t.regex(cookie, /; Max-Age=\d+; Domain=example\.org; Path=\/shop; HttpOnly; Secure; SameSite=Strict/);
    }
  },
  {
    config: {
      session: {
        cookie: {
          name: 'weto',
          timeout: 60,
          domain: 'example.org',
          path: '/shop',
          secure: true,
          same_site: 'strict',
        },
      },
    },
  },
);

row(
  'session.cookie can be changed for one session',
  {
    'index.pih': '<% const s = Session(); s.cookie.path = "/shop"; s.cookie.timeout = 60; s.a = 1 %>',
    'other.pih': '<% Session().a = 1 %>',
  },
  async (t, visitor, site, store) => {
    const response = await visitor.get('/');
    t.regex(response.headers.get('set-cookie') ?? '', /; Path=\/shop/i);
    t.true(lastsAbout(response, 60, store));
    t.regex((await site.get('/other')).headers.get('set-cookie') ?? '', /; Path=\/;/i);
  },
);

row(
  'dictionary methods, a missing key raises, get takes a default',
  {
    'index.pih':
      '<% const s = Session(); s.a = 1; s.b = 2; delete s.b %><%= "a" in s %> <%= "b" in s %> <%= Object.keys(s) %> <%= s.get("b", 3) %> <%= s.has("a") %>',
    'next.pih': '<% const s = Session() %><%= "a" in s %> <%= "b" in s %>',
    'missing.pih': '<%= Session().b %>',
  },
  async (t, visitor) => {
    t.is(await visitor.text('/'), 'true false a 3 true');
    t.is(await visitor.text('/next'), 'true false');
    t.is((await visitor.get('/missing')).status, 500);
  },
);

row(
  'a key with a timeout of its own, never beyond that of the session',
  {
    'set.pih': '<% const s = Session(); s.stays = 1; s.set("n", 1, { timeout: 1 }) %>',
    'look.pih': LOOK,
    'stays.pih': '<%= Session().stays %>',
  },
  async (t, visitor) => {
    const began = performance.now();
    await visitor.text('/set');
    t.is(await whenChanged(visitor, '/look', '1'), 'none');
    t.true(performance.now() - began >= 1000);
    t.is(await visitor.text('/stays'), '1');
  },
);

row(
  'values are written by the end of the page, without a call, before the response',
  {
    'index.pih': '<% const s = Session(); s.list = []; for (let i = 0; i < 3; i++) s.list.push({ i }) %>',
    'list.pih': '<%= Session().list.map((entry) => entry.i) %>',
    'deep.pih': '<% Session().list[0].i = 7; redirect("/list") %>',
  },
  async (t, visitor) => {
    await visitor.text('/');
    t.is(await visitor.text('/list'), '0,1,2');
    await visitor.get('/deep');
    t.is(await visitor.text('/list'), '7,1,2');
  },
);

row(
  'an id whose session is unknown gets a new session and is never adopted',
  { 'index.pih': '<% const s = Session(); s.n = 1 %><%= s.is_new %>' },
  async (t, visitor) => {
    visitor.cookies.set('sessionId', 'an-id-that-somebody-chose-for-the-visitor');
    t.is(await visitor.text('/'), 'true');
    t.not(visitor.cookies.get('sessionId'), 'an-id-that-somebody-chose-for-the-visitor');
    t.is(await visitor.text('/'), 'false');
  },
);
