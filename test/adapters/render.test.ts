// app.render: a page as a string, through the package's own name.

import { join } from 'node:path';
import test from 'ava';
import { HttpError, Problem, Redirect, SessionAttributeError } from 'karrigell';
import { openSite } from './site.ts';

test('a page is rendered to a string, with its includes, its layout and its awaited values', async (t) => {
  const { app } = await openSite(t, {
    'shop/cart.pih':
      '<% Layout("../_parts/layout.pih", { title: "Cart" }) %><% Include("/_parts/menu.pih") %>' +
      '<% import { total } from "../_data/sum.ts"; const sum = await Promise.resolve(total([1, 2])) %><b><%= sum %></b>',
    '_parts/layout.pih': '<title><%= ARGS.title %></title><%= CONTENT %>',
    '_parts/menu.pih': '<nav></nav>',
    '_data/sum.ts': 'export const total = (of: number[]): number => of.reduce((a, b) => a + b, 0);',
  });
  t.is(await app.render('/shop/cart'), '<title>Cart</title><nav></nav><b>3</b>');
});

test('a path is a URL with its routes, or a file as Include names it', async (t) => {
  const { app } = await openSite(t, {
    'index.pih': 'home',
    'shop/index.pih': 'shop',
    'products/[id].pih': '<%= PARAMS.id %> <%= REQUEST.path %>',
    '_mails/welcome.pih': 'Hello <%= ARGS.name %>',
  });
  t.is(await app.render('/'), 'home');
  t.is(await app.render('/shop'), 'shop');
  t.is(await app.render('/shop/'), 'shop');
  t.is(await app.render('/shop/index.pih'), 'shop');
  t.is(await app.render('products/caf%C3%A9'), 'café /products/caf%C3%A9');
  t.is(await app.render('/_mails/welcome.pih', { data: { name: 'Jean & Co' } }), 'Hello Jean &amp; Co');
});

test('the query gives QUERY and _names, over what the path says', async (t) => {
  const { app } = await openSite(t, {
    'index.pih':
      '<%= _email %>|<%= QUERY["color[]"].join() %>|<%= _sort %>|<%= _none %>|<%= REQUEST.url.search %>',
  });
  const query = { email: 'a@b.c', 'color[]': ['red', 'blue'], none: undefined };
  t.is(
    await app.render('/?sort=price&email=old#part', { query }),
    'a@b.c|red,blue|price||?sort=price&amp;email=a%40b.c&amp;color%5B%5D=red&amp;color%5B%5D=blue',
  );
});

test('fields called __proto__ and constructor are fields like any other', async (t) => {
  const { app } = await openSite(t, { 'index.pih': '<%= QUERY.constructor %>|<%= QUERY.toString %>' });
  t.is(await app.render('/?constructor=1'), '1|');
});

test('a page finds a GET request of this machine', async (t) => {
  const { app } = await openSite(t, {
    'a.pih':
      '<%= [REQUEST.method, REQUEST.url.href, REQUEST.ip, REQUEST.body.length, REQUEST.signal.aborted].join(" ") %>' +
      '<%= Object.keys(REQUEST.cookies).length + [...REQUEST.headers].length + Object.keys(FILES).length %>',
    'json.pih': '<% REQUEST.json() %>',
    'config.pih': '<%= CONFIG.max_sessions %>',
  });
  t.is(await app.render('/a'), 'GET http://localhost/a 127.0.0.1 0 false0');
  await t.throwsAsync(app.render('/json'), { instanceOf: HttpError, message: /not JSON/ });
  t.is(await app.render('/config'), '1000');
});

test('a plain object is the session: read, changed and deleted, and seen changed afterwards', async (t) => {
  const { app } = await openSite(t, {
    'index.pih':
      '<% const s = Session(); s.cart.push("tea"); s.count++; delete s.old; s.fresh = true; %>' +
      '<%= s.name %> <%= s.get("id") %> <%= s.is_new %>',
  });
  const session: Record<string, unknown> = { name: 'Jean', cart: ['milk'], count: 1, old: 1, id: 'data' };
  t.is(await app.render('/', { session }), 'Jean data false');
  t.deepEqual(session, { name: 'Jean', cart: ['milk', 'tea'], count: 2, id: 'data', fresh: true });
});

test('rendering goes on from page to page with the same object', async (t) => {
  const { app } = await openSite(t, {
    'first.pih': '<% Session().name = _name %>',
    'second.pih': 'Hello <%= Session({ read_only: true }).name %>',
    'end.pih': '<% Session().close(); Session().again = 1 %>',
  });
  const session = {};
  await app.render('/first?name=Jean', { session });
  t.is(await app.render('/second', { session }), 'Hello Jean');
  await app.render('/end', { session });
  t.deepEqual(session, { again: 1 });
});

test('save(), update(), flash(), regenerate() and a computed include work in a given session', async (t) => {
  const { app } = await openSite(t, {
    'index.pih':
      '<% const s = Session(); s.a = 1; await s.save(); await s.update((d) => { d.b = 2 }); s.regenerate(); s.c = 3; ' +
      's.flash("m", "Saved") %><%= s.flash("m") %>',
    'outer.pih': '<% const part = "_inner.pih"; Include(part) %>',
    '_inner.pih': '<%= Session().a %>',
  });
  const session = {};
  t.is(await app.render('/', { session }), 'Saved');
  t.deepEqual(session, { a: 1, b: 2, c: 3 });
  t.is(await app.render('/outer', { session }), '1');
});

test('without a session the visitor is a new one, and a missing attribute is an error', async (t) => {
  const { app } = await openSite(t, {
    'index.pih': '<%= Session().is_new %>',
    'name.pih': '\n<%= Session().name %>',
  });
  t.is(await app.render('/'), 'true');
  const error = await t.throwsAsync(app.render('/name'), { instanceOf: SessionAttributeError });
  t.regex(error?.stack ?? '', /name\.pih:2:\d+/);
});

test('a read-only session cannot be written, and a page that only reads may get a frozen object', async (t) => {
  const { app } = await openSite(t, {
    'write.pih': '<% Session({ read_only: true }).name = "x" %>',
    'read.pih': '<%= Session().name %>',
  });
  const session = Object.freeze({ name: 'Jean' });
  await t.throwsAsync(app.render('/write', { session }), { code: 'session-read-only' });
  t.is(await app.render('/read', { session }), 'Jean');
});

test('an attribute called __proto__ is data', async (t) => {
  const { app } = await openSite(t, { 'index.pih': '<% Session().set("__proto__", { admin: true }) %>' });
  const session: { admin?: boolean } = {};
  await app.render('/', { session });
  t.is(session.admin, undefined);
  t.deepEqual(Object.keys(session), ['__proto__']);
});

test('a change of a page before its own error is seen, as it is in every session', async (t) => {
  const { app } = await openSite(t, { 'index.pih': '<% Session().seen = 1; throw new RangeError("no") %>' });
  const session = {};
  await t.throwsAsync(app.render('/', { session }), { instanceOf: RangeError });
  t.deepEqual(session, { seen: 1 });
});

test('nothing of a rendering reaches the store, and nothing of the store the rendering', async (t) => {
  const { app } = await openSite(t, {
    'index.pih': '<% const s = Session(); s.n = s.get("n", 0) + 1 %><%= s.n %>',
  });
  const { url } = await app.listen();
  t.is(await app.render('/', { session: { n: 41 } }), '42');
  t.is(await (await fetch(url)).text(), '1');
  t.is(await app.render('/'), '1');
});

test('redirect() is thrown with its location and status, even if the page caught it', async (t) => {
  const { app } = await openSite(t, {
    'index.pih': 'x<% try { redirect("/cart?from=test", 302) } catch {} %>y',
    'failed.pih': '<% try { redirect("/cart") } catch { throw new Error("other") } %>',
  });
  const error = await t.throwsAsync(app.render('/'), { instanceOf: Redirect });
  t.deepEqual([error?.location, error?.status], ['/cart?from=test', 302]);
  await t.throwsAsync(app.render('/failed'), { instanceOf: Redirect });
});

test('HttpError is thrown with its status and message', async (t) => {
  const { app } = await openSite(t, { 'index.pih': '<% throw HttpError(410, "Sold out") %>' });
  const error = await t.throwsAsync(app.render('/'), { instanceOf: HttpError, message: 'Sold out' });
  t.is(error?.status, 410);
});

test("a page's own error is thrown as it is, its stack in the page's lines", async (t) => {
  const { app, folder } = await openSite(t, {
    'index.pih': '<h1>Order</h1>\n<% const order = JSON.parse("null"); %>\n<%= order.total %>',
    'broken.pih': '<p>\n<% if (true) { %>',
  });
  const error = await t.throwsAsync(app.render('/'), { instanceOf: TypeError });
  t.true(error?.stack?.includes(`${join(folder, 'index.pih')}:3:11`), error?.stack);
  const problem = await t.throwsAsync(app.render('/broken'), { instanceOf: Problem });
  t.deepEqual([problem?.file, problem?.line], [join(folder, 'broken.pih'), 2]);
});

test('a missing page is an error that names the nearest one, with or without a URL', async (t) => {
  const { app } = await openSite(t, { 'cart.pih': '', '_mails/welcome.pih': '' }, { debug: false });
  const error = await t.throwsAsync(app.render('/cort'), { instanceOf: Problem, code: 'page-missing' });
  t.is(error?.message, 'there is no page /cort; the nearest is /cart');
  t.is(error?.status, 404);
  await t.throwsAsync(app.render('_mails/welcom.pih'), { message: /nearest is \/_mails\/welcome\.pih$/ });
  for (const path of ['', '/../../etc/passwd.pih', '/%00', '/a/%2e%2e/cart', 'https://other.example/'])
    await t.throwsAsync(app.render(path), { code: 'page-missing' }, path);
});

test('a static file is no page', async (t) => {
  const { app } = await openSite(t, { 'style.css': '' });
  await t.throwsAsync(app.render('/style.css'), {
    code: 'page-static',
    message: /\/style\.css is a static file/,
  });
});

test('output that the page flushes or sends as text is its text', async (t) => {
  const { app } = await openSite(t, {
    'flush.pih': 'a<% await RESPONSE.flush() %>b<% await RESPONSE.flush() %>c',
    'send.pih': 'printed<% RESPONSE.status = 201; RESPONSE.send("sent") %>',
    'bytes.pih': '<% RESPONSE.send(new Uint8Array(2)) %>',
    'stream.pih': '<% RESPONSE.send((async function* () { yield "a" })()) %>',
    'both.pih': '<% RESPONSE.send("sent"); await RESPONSE.flush() %>',
    'late.pih': '<% await RESPONSE.flush(); redirect("/") %>',
    'headers.pih': '<% await RESPONSE.flush(); RESPONSE.headers.set("x", "y") %>',
  });
  t.is(await app.render('/flush'), 'abc');
  t.is(await app.render('/send'), 'sent');
  await t.throwsAsync(app.render('/bytes'), { code: 'page-sends-bytes', message: /sends bytes/ });
  await t.throwsAsync(app.render('/stream'), { code: 'page-sends-bytes', message: /sends a stream/ });
  await t.throwsAsync(app.render('/both'), { code: 'flush-not-here' });
  await t.throwsAsync(app.render('/late'), { code: 'response-begun' });
  await t.throwsAsync(app.render('/headers'), { code: 'response-begun' });
});

test('many renderings at once keep their sessions apart', async (t) => {
  const { app } = await openSite(t, {
    'index.pih': '<% const s = Session(); await new Promise((go) => setImmediate(go)); s.n++ %><%= s.n %>',
  });
  const rendered = await Promise.all(
    Array.from({ length: 50 }, (_, n) => app.render('/', { session: { n } })),
  );
  t.deepEqual(
    rendered,
    Array.from({ length: 50 }, (_, n) => String(n + 1)),
  );
});

test('a saved page is rendered anew', async (t) => {
  const site = await openSite(t, { 'index.pih': 'first' }, { debug: true });
  t.is(await site.app.render('/'), 'first');
  await site.write('index.pih', 'the second');
  t.is(await site.app.render('/'), 'the second');
});
