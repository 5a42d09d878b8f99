// The features of Karrigell, the Python framework.

import test from 'ava';
import { folderWith } from '../folder.ts';
import { program } from '../process/program.ts';
import { STORES } from '../session/store-rows.ts';
import { serveSite } from '../site-fixture.ts';
import { Visitor } from '../visitor.ts';
import { rowsOf, serveOver } from './row.ts';

const row = rowsOf('Karrigell');

test('Karrigell: code in HTML pages, print writes to the page', async (t) => {
  const site = await serveSite(t, { 'hello.pih': '<h1><% print("Hello", 1 + 1) %></h1>' });
  t.is(await site.text('/hello.pih'), '<h1>Hello 2</h1>');
});

test('Karrigell: form fields as QUERY and as _name variables', async (t) => {
  const site = await serveSite(t, { 'form.pih': '<%= QUERY.monnom %> <%= _monnom %>' });
  const body = new URLSearchParams({ monnom: 'Dupont' });
  t.is(await site.text('/form', { method: 'POST', body }), 'Dupont Dupont');
});

row(
  "Session() on any page gives the visitor's object, by the cookie sessionId",
  { 'a.pih': '<% Session().n = 1 %>', 'deep/b.pih': '<%= Session().n++ %>', 'c.pih': '<%= Session().n %>' },
  async (t, visitor, site) => {
    await visitor.text('/a');
    t.true(visitor.cookies.has('sessionId'));
    t.is(await visitor.text('/deep/b'), '1');
    t.is(await visitor.text('/c'), '2');
    t.is((await site.get('/c')).status, 500);
  },
);

row(
  'attributes set on one page are read on another',
  { 'start.pih': '<% const s = Session(); s.nom = _monnom %>', 'next.pih': '<%= Session().nom %>' },
  async (t, visitor) => {
    await visitor.text('/start', { method: 'POST', body: new URLSearchParams({ monnom: 'Dupont' }) });
    t.is(await visitor.text('/next'), 'Dupont');
  },
);

row(
  'a missing attribute gives a full error trace that names it',
  { 'index.pih': '<h1>x</h1>\n<%= Session().prenom %>' },
  async (t, visitor) => {
    const page = await visitor.text('/', { headers: { accept: 'text/html' } });
    t.true(page.includes('SessionAttributeError'));
    t.true(page.includes('prenom'));
    t.true(page.includes('index.pih'));
  },
);

row(
  'close() erases the session',
  {
    'set.pih': '<% Session().n = 1 %>',
    'close.pih': '<% Session().close() %>',
    'get.pih': '<%= Session().get("n", "none") %>',
  },
  async (t, visitor) => {
    await visitor.text('/set');
    await visitor.text('/close');
    t.false(visitor.cookies.has('sessionId'));
    t.is(await visitor.text('/get'), 'none');
  },
);

test('Karrigell: never more than max_sessions in memory, the least recently used go', async (t) => {
  const files = { 'set.pih': '<% Session().n = _n %>', 'get.pih': '<%= Session().get("n", "gone") %>' };
  t.is((await serveSite(t, files)).config.max_sessions, 1000);
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

row(
  'persistent: built-in types only, any other is a clear error',
  {
    'good.pih': '<% Session().list = [1, "a", null, { deep: true }, new Date(5)] %>',
    'show.pih': '<%= JSON.stringify(Session().list) %>',
    'bad.pih': '<% class Cart {}\nSession().cart = { box: new Cart() } %>',
  },
  async (t, visitor) => {
    await visitor.text('/good');
    t.is(
      await visitor.text('/show'),
      '[1,&#34;a&#34;,null,{&#34;deep&#34;:true},&#34;1970-01-01T00:00:00.005Z&#34;]',
    );
    const response = await visitor.get('/bad');
    t.is(response.status, 500);
    const text = await response.text();
    t.true(text.includes('cart.box'));
    t.true(text.includes('Cart'));
  },
  { needs: ['text'] },
);

test('Karrigell: sessions in memory need a single process: more are refused with that reason', async (t) => {
  const cwd = await folderWith(t, { 'site/index.pih': 'here' });
  const started = await t.throwsAsync(program(t, cwd, ['--workers', '2']));
  t.regex(started?.message ?? '', /workers is 2.*visitors would lose theirs/);
});

for (const store of STORES) {
  if (store.missing !== undefined || !store.persistent) continue;
  test(`${store.name}: Karrigell: several processes share persistent sessions`, async (t) => {
    const files = { 'index.pih': '<% const s = Session(); s.n = s.get("n", 0) + 1 %><%= s.n %>' };
    const { folder, config } = await serveOver(t, store, files);
    const cwd = await folderWith(t, {
      'karrigell.config.json': { root_dir: folder, persistent_session: config.persistent_session },
    });
    const { url } = await program(t, cwd, ['--workers', '2']);
    const visitor = new Visitor(url);
    for (let n = 1; n <= 10; n++) {
      t.is(await visitor.text('/', { headers: { connection: 'close' } }), String(n));
    }
  });
}

row(
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
    t.deepEqual(
      statuses.filter((status) => status !== 200),
      [],
    );
    t.is(await visitor.text('/count'), '100');
  },
  { needs: ['locks'], config: { session: { lock_timeout: 60 } } },
);

row(
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
  { needs: ['locks'] },
);

row(
  'the three pages: form, start, continuation, then Back after close()',
  {
    'index.pih': '<form action="start.pih"><input name="monnom"></form>',
    'start.pih': '<% const s = Session(); s.nom = _monnom; s.prenom = _prenom; print(s.nom) %>',
    'next.pih': '<% const s = Session(); print(s.prenom); s.close() %>',
  },
  async (t, visitor) => {
    t.true((await visitor.text('/')).includes('name="monnom"'));
    t.is(await visitor.text('/start.pih?monnom=Dupont&prenom=Jean'), 'Dupont');
    t.true(visitor.cookies.has('sessionId'));
    t.is(await visitor.text('/next.pih'), 'Jean');
    t.false(visitor.cookies.has('sessionId'));
    const again = await visitor.get('/next.pih');
    t.is(again.status, 500);
    t.true((await again.text()).includes("this session has no attribute 'prenom'"));
  },
);
