// What the systems that this one starts from can do, row by row, through a page and a running server, in memory and in
// the JSON store. Rows of other stores are with those stores.

import test, { type ExecutionContext } from 'ava';
import { serveSite, type TestSite } from './site-fixture.ts';
import { Visitor } from './visitor.ts';

const MODES = [
  { mode: 'in memory', config: { persistent_session: false } },
  { mode: 'in the JSON store', config: { persistent_session: true } },
] as const;

/** One row, in both modes. */
function row(
  system: string,
  what: string,
  files: Readonly<Record<string, string>>,
  holds: (t: ExecutionContext, visitor: Visitor, site: TestSite) => Promise<void>,
): void {
  for (const { mode, config } of MODES) {
    test(`${system}: ${what}, ${mode}`, async (t) => {
      const site = await serveSite(t, files, config);
      await holds(t, new Visitor(site.url), site);
    });
  }
}

test('Karrigell: code in HTML pages, print writes to the page', async (t) => {
  const site = await serveSite(t, { 'hello.pih': '<h1><% print("Hello", 1 + 1) %></h1>' });
  t.is(await site.text('/hello.pih'), '<h1>Hello 2</h1>');
});

test('Karrigell: form fields as QUERY and as _name variables', async (t) => {
  const site = await serveSite(t, { 'form.pih': '<%= QUERY.monnom %> <%= _monnom %>' });
  const body = new URLSearchParams({ monnom: 'Dupont' });
  t.is(await site.text('/form', { method: 'POST', body }), 'Dupont Dupont');
});

const THREE_PAGES = {
  'index.pih': '<form action="start.pih"><input name="monnom"></form>',
  'start.pih': '<% const s = Session(); s.nom = _monnom; s.prenom = _prenom; print(s.nom) %>',
  'next.pih': '<% const s = Session(); print(s.prenom); s.close() %>',
};

row(
  'Karrigell',
  'the three pages: form, start, continuation, then Back after close()',
  THREE_PAGES,
  async (t, visitor) => {
    t.is(await visitor.text('/start.pih?monnom=Dupont&prenom=Jean'), 'Dupont');
    t.true(visitor.cookies.has('sessionId'));
    t.is(await visitor.text('/next.pih'), 'Jean');
    t.false(visitor.cookies.has('sessionId'));
    const again = await visitor.get('/next.pih');
    t.is(again.status, 500);
    t.true((await again.text()).includes("this session has no attribute 'prenom'"));
  },
);

row(
  'Karrigell',
  'a missing attribute gives a full error trace that names it',
  { 'index.pih': '<h1>x</h1>\n<%= Session().prenom %>' },
  async (t, visitor) => {
    const page = await visitor.text('/', { headers: { accept: 'text/html' } });
    t.true(page.includes('SessionAttributeError'));
    t.true(page.includes('prenom'));
    t.true(page.includes('index.pih'));
  },
);

test('Karrigell: never more than max_sessions in memory, the least recently used go', async (t) => {
  const files = { 'set.pih': '<% Session().n = _n %>', 'get.pih': '<%= Session().get("n", "gone") %>' };
  const site = await serveSite(t, files, { max_sessions: 3 });
  const visitors = ['a', 'b', 'c', 'd'].map(() => new Visitor(site.url));
  for (const visitor of visitors.slice(0, 3)) await visitor.text('/set?n=1');
  await visitors[0]?.text('/get');
  await visitors[3]?.text('/set?n=1');
  const left = await Promise.all(visitors.map((visitor) => visitor.text('/get')));
  t.deepEqual(left, ['1', 'gone', '1', '1']);
});

test('Karrigell: in memory any value, instances and connections included', async (t) => {
  const site = await serveSite(t, {
    '_data/thing.ts': 'export class Thing { #secret = 7; get value(): number { return this.#secret; } }',
    'set.pih': '<% import { Thing } from "./_data/thing.ts"; Session().thing = new Thing() %>',
    'get.pih':
      '<% import { Thing } from "./_data/thing.ts"; const s = Session() %><%= s.thing.value %> <%= s.thing instanceof Thing %>',
  });
  const visitor = new Visitor(site.url);
  await visitor.text('/set');
  t.is(await visitor.text('/get'), '7 true');
});

test('Karrigell: on disk built-in types only, any other is a clear error', async (t) => {
  const site = await serveSite(
    t,
    { 'set.pih': '<% class Cart {}\nSession().cart = { box: new Cart() } %>' },
    { persistent_session: true },
  );
  const visitor = new Visitor(site.url);
  const response = await visitor.get('/set');
  t.is(response.status, 500);
  const text = await response.text();
  t.true(text.includes('cart.box'));
  t.true(text.includes('Cart'));
});

row(
  'Karrigell',
  'requests of one session at the same time lose nothing',
  {
    'sync.pih': '<% Session().count++ %>',
    'slow.pih':
      '<% const s = Session(); const n = s.count; await new Promise((r) => setTimeout(r, 1)); s.count = n + 1 %>',
    'start.pih': '<% Session().count = 0 %>',
    'count.pih': '<%= Session().count %>',
  },
  async (t, visitor) => {
    await visitor.text('/start');
    const paths = Array.from({ length: 100 }, (_, index) => (index % 2 ? '/sync' : '/slow'));
    const statuses = await Promise.all(paths.map(async (path) => (await visitor.get(path)).status));
    t.true(statuses.every((status) => status === 200));
    t.is(await visitor.text('/count'), '100');
  },
);

row(
  'Karrigell',
  'three frames that write first keep all three changes',
  {
    'index.pih': '<% Session() %>',
    'set.pih': '<% await null; Session().set(_k!, 1) %>',
    'keys.pih': '<%= Object.keys(Session()).sort() %>',
  },
  async (t, visitor) => {
    await visitor.text('/');
    await Promise.all(['a', 'b', 'c'].map((key) => visitor.text(`/set?k=${key}`)));
    t.is(await visitor.text('/keys'), 'a,b,c');
  },
);

const LOGIN = {
  'index.pih': '<%= Session().get("logged_in", false) ? "in" : "out" %>',
  'login.pih': '<% const s = Session(); s.regenerate(); s.logged_in = true; redirect("/") %>',
  'logout.pih': '<% Session().close(); redirect("/") %>',
};

row('web.py', 'login and logout', LOGIN, async (t, visitor) => {
  t.is(await visitor.text('/'), 'out');
  t.is((await visitor.get('/login')).status, 303);
  t.is(await visitor.text('/'), 'in');
  await visitor.get('/logout');
  t.is(await visitor.text('/'), 'out');
});

row(
  'TurboGears',
  'session.save() and delete()',
  {
    'save.pih': '<% const s = Session(); s.user = "MVL"; await s.save() %>',
    'get.pih': '<%= Session().get("user", "none") %>',
    'close.pih': '<% Session().close() %>',
  },
  async (t, visitor) => {
    await visitor.text('/save');
    t.is(await visitor.text('/get'), 'MVL');
    await visitor.text('/close');
    t.is(await visitor.text('/get'), 'none');
  },
);

test('TurboGears: the cookie has the configured name, is set when absent and found on later visits', async (t) => {
  const site = await serveSite(
    t,
    { 'index.pih': '<% const s = Session(); s.n = s.get("n", 0) + 1 %><%= s.n %>' },
    { session: { cookie: { name: 'sid' } } },
  );
  const visitor = new Visitor(site.url);
  t.is(await visitor.text('/'), '1');
  t.deepEqual([...visitor.cookies.keys()], ['sid']);
  t.is(await visitor.text('/'), '2');
});

test('TurboGears: clearing all sessions for tests', async (t) => {
  const site = await serveSite(
    t,
    { 'index.pih': '<% const s = Session(); s.n = s.get("n", 0) + 1 %><%= s.n %>' },
    { persistent_session: true },
  );
  const visitor = new Visitor(site.url);
  await visitor.text('/');
  t.is(await site.app.sessions.administration.clear(), 1);
  t.is(await visitor.text('/'), '1');
});

row(
  'uliweb',
  'remember me, for session and cookie',
  {
    'in.pih': '<% const s = Session(); s.remember = true; s.user = "x" %>',
    'get.pih': '<%= Session().user %>',
  },
  async (t, visitor) => {
    const response = await visitor.get('/in');
    t.true(aboutSeconds(response, 2_592_000));
    t.is(await visitor.text('/get'), 'x');
  },
);

row(
  'uliweb',
  'a cookie that lives as long as the browser',
  { 'index.pih': '<% Session().a = 1 %>' },
  async (t, visitor) => {
    const cookie = (await visitor.get('/')).headers.get('set-cookie') ?? '';
    t.notRegex(cookie, /max-age|expires/i);
    t.regex(cookie, /; HttpOnly/i);
    t.regex(cookie, /; SameSite=Lax/i);
    t.regex(cookie, /; Path=\//i);
  },
);

row(
  'uliweb',
  'dictionary methods, a missing key raises, get takes a default',
  {
    'index.pih':
      '<% const s = Session(); s.a = 1; s.b = 2; delete s.b %><%= "a" in s %> <%= "b" in s %> <%= Object.keys(s) %> <%= s.get("b", 3) %> <%= s.has("a") %>',
  },
  async (t, visitor) => {
    t.is(await visitor.text('/'), 'true false a 3 true');
  },
);

row(
  'uliweb',
  'session.cookie can be changed for one session',
  { 'index.pih': '<% const s = Session(); s.cookie.path = "/shop"; s.cookie.timeout = 60; s.a = 1 %>' },
  async (t, visitor) => {
    const response = await visitor.get('/');
    t.regex(response.headers.get('set-cookie') ?? '', /; Path=\/shop/i);
    t.true(aboutSeconds(response, 60));
  },
);

row(
  'uliweb',
  'an id whose session is unknown gets a new session and is never adopted',
  { 'index.pih': '<% const s = Session(); s.n = 1 %><%= s.is_new %>' },
  async (t, visitor) => {
    visitor.cookies.set('sessionId', 'an-id-that-somebody-chose-for-the-visitor');
    t.is(await visitor.text('/'), 'true');
    t.not(visitor.cookies.get('sessionId'), 'an-id-that-somebody-chose-for-the-visitor');
  },
);

/** A cookie's Max-Age is never shorter than its timeout and at most a tenth longer, as deadlines are. */
function aboutSeconds(response: Response, seconds: number): boolean {
  const age = Number(/max-age=(\d+)/i.exec(response.headers.get('set-cookie') ?? '')?.[1]);
  return age >= seconds && age <= seconds * 1.1;
}
