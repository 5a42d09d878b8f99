// Sessions in the visitor's cookie, from a page to a browser's cookie jar and back.

import test, { type ExecutionContext } from 'ava';
import type { ConfigInput } from '../../config/schema.ts';
import { folderWith } from '../folder.ts';
import { startServer } from '../server.ts';
import { serveSite, type TestSite } from '../site-fixture.ts';
import { Visitor } from '../visitor.ts';

const SECRET = 'hunter2 hunter2 hunter2 hunter2 hunter2';
const IN_COOKIE = { persistent_session: { store: 'cookie', secrets: [SECRET] } };

const FILES = {
  'count.pih': "<% const s = Session(); s.n = s.get('n', 0) + 1; %><%= s.n %>",
  'look.pih': "<%= Session().get('n', 'none') %>",
  'big.pih': `<% const s = Session(); s.n = 99;
s.cart = Array.from({ length: 400 }, () => Math.random()); s.note = 'x'.repeat(900) %><%= 'not '.concat('sent') %>`,
  'late.pih': `<% const s = Session(); s.n = 5 %>begun <% await RESPONSE.flush();
s.n = 6 %>never`,
  'deep.pih': `<% const s = Session(); const list = s.list = [1] %>begun <% await RESPONSE.flush();
list.push(2) %>too late`,
  '_gate.ts': `let open = (): void => {};
export const gate = new Promise<void>((resolve) => { open = resolve; });
export const release = (): void => open();`,
  'stream.pih': `<% import { gate } from './_gate.ts'; const s = Session(); s.n = 7;
RESPONSE.send(async function* () { yield 'piece'; await gate; s.n = 8; yield 'never' }()) %>`,
  'release.pih': "<% import { release } from './_gate.ts'; release() %>",
  'saved.pih': `<% const s = Session(); s.n = 1; await s.save(); await s.update((d) => { d.n = Number(d.n) + 1 });
s.m = 1 %><%= s.n %>`,
  'login.pih':
    "<% const s = Session(); s.regenerate(); s.user = 'jean'; s.remember = true; redirect('/who') %>",
  'who.pih': "<%= Session().get('user', 'nobody') %>",
  'logout.pih': '<% Session().close() %>bye',
  'config.pih': '<%= JSON.stringify(CONFIG) %>',
  'fails.pih': "<% Session().n = 3; throw new Error('oops') %>",
  'values.pih': `<% const s = Session();
if (s.is_new) Object.assign(s, { date: new Date(5), map: new Map([[1, { a: 2n }]]), tags: new Set(['é', undefined]),
  odd: [NaN, -0, Infinity, null], text: '\\u0000 漢 😀 ; , " =', $dollar: { $date: 1 } });
else { %><%= s.date.getTime() %> <%= s.map.get(1).a === 2n %> <%= [...s.tags].length %> <%=
Object.is(s.odd[1], -0) && Number.isNaN(s.odd[0]) %> <%= s.text === '\\u0000 漢 😀 ; , " =' %> <%= s.$dollar.$date %><% } %>`,
};

async function site(t: ExecutionContext, config: ConfigInput = {}): Promise<TestSite> {
  return serveSite(t, FILES, { ...IN_COOKIE, ...config });
}

test('an attribute that a page stores is read by the next one, and survives the server', async (t) => {
  const first = await site(t);
  const second = await site(t);
  const visitor = new Visitor(first.url);
  t.is(await visitor.text('/count'), '1');
  t.is(await visitor.text('/count'), '2');
  const elsewhere = new Visitor(second.url);
  for (const [name, value] of visitor.cookies) elsewhere.cookies.set(name, value);
  t.is(await elsewhere.text('/count'), '3');
});

test('every kind of value comes back as it was', async (t) => {
  const visitor = new Visitor((await site(t)).url);
  await visitor.text('/values');
  t.is(await visitor.text('/values'), '5 true 2 true true 1');
});

test('a page that stores nothing sends an id alone, and a page that changes nothing sends no cookie', async (t) => {
  const visitor = new Visitor((await site(t)).url);
  await visitor.text('/look');
  t.regex(visitor.cookies.get('sessionId') ?? '', /^[\w-]{48}$/);
  await visitor.text('/count');
  t.regex(visitor.cookies.get('sessionId') ?? '', /^[\w-]{48}\.p[\w-]+$/);
  t.deepEqual((await visitor.get('/look')).headers.getSetCookie(), []);
});

test('a session that is too big is a 500 that names the biggest, and the visitor keeps the one before', async (t) => {
  const { url, logged } = await site(t);
  const visitor = new Visitor(url);
  await visitor.text('/count');
  const response = await visitor.get('/big', { headers: { accept: 'text/html' } });
  t.is(response.status, 500);
  t.deepEqual(response.headers.getSetCookie(), []);
  const page = await response.text();
  t.regex(page, /s\.cart \(\d{4} bytes\), s\.note \(902 bytes\)/);
  t.false(page.includes('not sent'));
  t.is(logged.length, 1);
  t.is(await visitor.text('/look'), '1');
});

test('without debug the visitor learns nothing of it', async (t) => {
  const { url } = await site(t, { debug: false });
  const response = await new Visitor(url).get('/big', { headers: { accept: 'text/html' } });
  t.is(response.status, 500);
  t.notRegex(await response.text(), /s\.cart|4096/);
});

for (const [page, first] of [
  ['/late', '5'],
  ['/deep', 'none'],
  ['/stream', '7'],
] as const) {
  test(`${page}: a change behind the beginning of the response cuts it off, and is never lost silently`, async (t) => {
    const { url, logged } = await site(t);
    const visitor = new Visitor(url);
    const response = await visitor.get(page);
    t.is(response.status, 200);
    await fetch(`${url}/release`);
    await t.throwsAsync(response.text());
    t.is(logged.length, 1);
    t.regex(String(logged[0]?.cause), /needs the session cookie, and the response has begun/);
    t.is(await visitor.text('/look'), first);
  });
}

test('save() and update() work in an ordinary page', async (t) => {
  const visitor = new Visitor((await site(t)).url);
  t.is(await visitor.text('/saved'), '2');
  t.is(await visitor.text('/look'), '2');
});

test('a change of a page before its own error goes out with the error page', async (t) => {
  const visitor = new Visitor((await site(t)).url);
  t.is((await visitor.get('/fails')).status, 500);
  t.is(await visitor.text('/look'), '3');
});

test('login with remember me, over a redirect, and logout take both cookies along', async (t) => {
  const visitor = new Visitor((await site(t)).url);
  await visitor.text('/count');
  const [before = ''] = (visitor.cookies.get('sessionId') ?? '').split('.');
  const login = await visitor.get('/login');
  t.is(login.status, 303);
  t.regex(login.headers.getSetCookie().join(), /Max-Age=34560000/);
  t.not((visitor.cookies.get('sessionId') ?? '').split('.')[0], before);
  t.is(await visitor.text('/who'), 'jean');
  t.is(await visitor.text('/look'), '1');
  const logout = await visitor.get('/logout');
  t.deepEqual(
    logout.headers.getSetCookie().map((cookie) => cookie.split(';')[0]),
    ['sessionId=', 'sessionId_t='],
  );
  t.is(await visitor.text('/who'), 'nobody');
});

test('many readers beside a writer undo nothing', async (t) => {
  const { url } = await site(t, { session: { force: true } });
  const visitor = new Visitor(url);
  await visitor.text('/count');
  for (let round = 2; round < 12; round++) {
    const readers = Array.from({ length: 8 }, () => visitor.text('/look'));
    const writer = visitor.text('/count');
    await Promise.all([...readers, writer]);
    t.is(await visitor.text('/look'), String(round));
  }
});

test('cookies that are rubbish or huge are a new visitor, or refused by the limits of headers', async (t) => {
  const { url, logged } = await site(t);
  const id = 'A'.repeat(48);
  const rubbish = [
    `${id}.`,
    `${id}.p`,
    `${id}.z${'A'.repeat(4000)}`,
    `${id}.%00`,
    '.',
    `${id}.p"x"`,
    `"${id}.p"`,
  ];
  for (const value of rubbish) {
    const response = await fetch(`${url}/count`, {
      headers: { cookie: `sessionId=${value}; sessionId_t=${value}` },
    });
    t.is(await response.text(), '1', value);
  }
  const huge = await fetch(`${url}/count`, { headers: { cookie: `sessionId=${id}.p${'A'.repeat(60_000)}` } });
  t.is(huge.status, 431);
  t.deepEqual(logged, []);
});

test('secrets are in no page, not even in CONFIG or on an error page', async (t) => {
  const { url } = await site(t);
  for (const page of ['/config', '/fails', '/big']) {
    const text = await (await fetch(url + page, { headers: { accept: 'text/html' } })).text();
    t.false(text.includes('hunter2'), page);
  }
});

test('with a __Host- name both cookies have the attributes that browsers ask of that name', async (t) => {
  const { url } = await site(t, { session: { force: true, cookie: { name: '__Host-sid' } } });
  const visitor = new Visitor(url);
  const sent = [...(await visitor.get('/count')).headers.getSetCookie()];
  sent.push(...(await visitor.get('/look')).headers.getSetCookie());
  t.deepEqual(
    sent.map((cookie) => cookie.replace(/=[^;]+/, '')),
    [
      '__Host-sid; Path=/; HttpOnly; Secure; SameSite=Lax',
      '__Host-sid_t; Path=/; HttpOnly; Secure; SameSite=Lax',
    ],
  );
  t.is(await visitor.text('/count'), '2');
});

test('several processes need nothing to share; start-up names the store and tells no secret', async (t) => {
  const folder = await folderWith(t, { 'site/count.pih': FILES['count.pih'] });
  const env = { KARRIGELL_PERSISTENT_SESSION: JSON.stringify(IN_COOKIE.persistent_session) };
  const server = await startServer({ site: `${folder}/site`, env, args: ['--workers', '2'] });
  t.teardown(() => server.stop());
  const visitor = new Visitor(server.url);
  for (let n = 1; n <= 20; n++) {
    const response = await visitor.get('/count', { headers: { connection: 'close' } });
    t.is(await response.text(), String(n));
  }
  t.regex(server.output(), /cookie \(encrypted\)/);
  t.false(server.output().includes('hunter2'));
});
