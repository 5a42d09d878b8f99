// Pages as views of Express 5, through the package's own name.

import { mkdir, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import express, { type Response } from 'express';
import { HttpError, Problem, viewEngine } from 'karrigell';
import { visit, withViews } from './express-app.ts';

test('locals become ARGS: locals of program, response and call together', async (t) => {
  const { program } = await withViews(t, {
    'cart.pih':
      '<% type Args = { title: string; user: string; shop: string } %><h1><%= ARGS.title %></h1><%= ARGS.user %> <%= ARGS.shop %>',
  });
  program.locals.shop = 'Tea & Co';
  program.get('/', (_, response) => {
    response.locals.user = 'Jean';
    response.locals.title = 'of the response';
    response.status(201).render('cart', { title: '<Cart>' });
  });
  const visitor = await visit(t, program);
  const response = await visitor.get('/');
  t.is(response.status, 201);
  t.is(response.headers.get('content-type'), 'text/html; charset=utf-8');
  t.is(await response.text(), '<h1>&lt;Cart&gt;</h1>Jean Tea &amp; Co');
});

test("Express's own settings are no locals; a program's locals of these names are", async (t) => {
  const { program, render } = await withViews(t, { 'keys.pih': '<script>x = <%= ARGS %></script>' });
  t.is(await render('keys', { a: 1 }), '<script>x = {"a":1}</script>');
  t.is(
    await render('keys', { settings: { views: 'grid' }, cache: 'x' }),
    '<script>x = {"settings":{"views":"grid"},"cache":"x"}</script>',
  );
  program.get('/', (_, response) => response.render('keys', { a: 1 }));
  t.is(await (await visit(t, program)).text('/'), '<script>x = {"a":1}</script>');
});

test('values are escaped for their context', async (t) => {
  const { render } = await withViews(t, {
    'link.pih':
      '<a href="<%= ARGS.url %>" title=<%= ARGS.text %>><%= ARGS.text %></a><script>const a = <%= ARGS.text %>;</script>',
  });
  t.is(
    await render('link', { url: 'javascript:alert(1)', text: '</script>"' }),
    '<a href="#blocked" title="&lt;/script&gt;&#34;">&lt;/script&gt;&#34;</a><script>const a = "\\u003c\\u002fscript\\u003e\\u0022";</script>',
  );
});

test('a view awaits, imports modules, includes, and has a layout; a leading slash is the folder of views', async (t) => {
  const { render } = await withViews(t, {
    'shop/cart.pih':
      '<% import { total } from "../_lib/total.ts"; Layout("/layout.pih", { title: "Cart" }); ' +
      'Section("side", () => { %>side<% }) %><% Include("part.pih", { n: await Promise.resolve(total(ARGS.prices)) }) %>',
    'shop/part.pih': '<% Include("/foot.pih") %><b><%= ARGS.n %></b>',
    'foot.pih': '<hr>',
    'layout.pih': '<title><%= ARGS.title %></title><%= CONTENT %><%= SECTION("side") %>',
    '_lib/total.ts': 'export const total = (of: number[]): number => of.reduce((a, b) => a + b, 0);',
  });
  t.is(await render('shop/cart', { prices: [1, 2] }), '<title>Cart</title><hr><b>3</b>side');
});

test('of several folders of views, the leading slash is the one that the view lies in', async (t) => {
  const { program, views, render } = await withViews(t, {
    'a/menu.pih': 'menu a',
    'b/page.pih': '<% Include("/menu.pih") %>',
    'b/menu.pih': 'menu b',
  });
  program.set('views', [join(views, 'a'), join(views, 'b')]);
  t.is(await render('page'), 'menu b');
});

test('a view outside of the folders of views is rendered, too, from its own folder', async (t) => {
  const { program, views, render } = await withViews(t, {
    'in/x.pih': '',
    'out/page.pih': '<% Include("/part.pih") %> <%= ARGS.a %>',
    'out/part.pih': 'part',
  });
  program.set('views', join(views, 'in'));
  t.is(await render(join(views, 'out/page'), { a: 1 }), 'part 1');
});

test('the folder of views may be a symbolic link', async (t) => {
  const { program, views, render } = await withViews(t, {
    'page.pih': '<% import { x } from "./x.ts"; Include("part.pih") %><%= x %>',
    'part.pih': 'part ',
    'x.ts': 'export const x = 1;',
  });
  await symlink(views, `${views}-link`);
  program.set('views', `${views}-link`);
  t.is(await render('page'), 'part 1');
});

test('without the view cache, a saved view, include or module is used at once', async (t) => {
  const { program, views, render } = await withViews(t, {
    'page.pih': '<% import { x } from "./x.ts"; Include("part.pih") %> <%= x %>',
    'part.pih': 'one',
    'x.ts': 'export const x = 1;',
  });
  program.set('view cache', false);
  t.is(await render('page'), 'one 1');
  await writeFile(join(views, 'part.pih'), 'second');
  t.is(await render('page'), 'second 1');
  await writeFile(join(views, 'x.ts'), 'export const x = 22;');
  t.is(await render('page'), 'second 22');
  await writeFile(join(views, 'page.pih'), 'whole');
  t.is(await render('page'), 'whole');
});

test('with the view cache, a view stays as it was when it was first rendered', async (t) => {
  const { program, views, render } = await withViews(t, {
    'page.pih': '<% import { x } from "./x.ts"; Include("part.pih") %> <%= x %>',
    'part.pih': 'one',
    'x.ts': 'export const x = 1;',
  });
  program.set('view cache', true);
  t.is(await render('page'), 'one 1');
  await writeFile(join(views, 'part.pih'), 'second');
  await writeFile(join(views, 'x.ts'), 'export const x = 22;');
  await unlink(join(views, 'page.pih'));
  t.is(await render('page'), 'one 1');
});

test('locals that a visitor has chosen change neither the folder of views nor the cached views', async (t) => {
  const { program, views, render } = await withViews(t, {
    'shop/page.pih':
      '<% import { box } from "/box.ts"; Include("/part.pih") %> <%= ++box.n %> <%= ARGS.settings.views %>',
    'part.pih': 'part',
    'box.ts': 'export const box = { n: 0 };',
  });
  program.set('view cache', true);
  const locals = () => JSON.parse('{"settings":{"views":"/","view":"x"},"__proto__":{"title":"x"}}');
  t.is(await render('shop/page', locals()), 'part 1 /');
  await writeFile(join(views, 'part.pih'), 'changed');
  t.is(await render('shop/page', locals()), 'part 2 /');
});

test('two programs in one process share no view and no module', async (t) => {
  const { views, render } = await withViews(t, {
    'page.pih': '<% import { box } from "./box.ts" %><%= ++box.n %>',
    'box.ts': 'export const box = { n: 0 };',
  });
  const other = express();
  other.engine('pih', viewEngine).set('views', views);
  t.is(await render('page'), '1');
  t.is(await render('page'), '2');
  const html = await new Promise((resolve) => other.render('page.pih', {}, (_, text) => resolve(text)));
  t.is(html, '1');
});

test('errors go to the error handler, with position and status', async (t) => {
  const { program, views } = await withViews(t, {
    'broken.pih': '<p>\n<% if (true) { %>',
    'throws.pih': '\n<%= ARGS.cart.total %>',
    'gone.pih': '<% throw HttpError(410, "Sold out") %>',
    'alone.pih': '<%= CONTENT %>',
  });
  program.get('/v/broken', (_, response) => response.render('broken'));
  program.get('/v/throws', (_, response) => response.render('throws'));
  program.get('/v/gone', (_, response) => response.render('gone'));
  program.get('/v/alone', (_, response) => response.render('alone'));
  const errors: Error[] = [];
  program.use((error: unknown, _request: unknown, response: Response, _next: unknown) => {
    if (error instanceof Error) errors.push(error);
    response.status(error instanceof HttpError ? error.status : 500).send('handled');
  });
  const visitor = await visit(t, program);
  const statuses = [];
  for (const view of ['broken', 'throws', 'gone', 'alone'])
    statuses.push((await visitor.get(`/v/${view}`)).status);
  t.deepEqual(statuses, [500, 500, 410, 500]);
  const [broken, thrown, gone, alone] = errors;
  t.true(broken instanceof Problem && broken.line === 2);
  t.true(broken?.message.startsWith(`${join(views, 'broken.pih')}:2:`), broken?.message);
  t.true(
    thrown instanceof TypeError && thrown.stack?.includes(`${join(views, 'throws.pih')}:2:15`),
    thrown?.stack,
  );
  t.is(gone?.message, 'Sold out');
  t.true(alone instanceof Problem && alone.code === 'layout-alone');
});

test("Express's own error handler answers with the status of HttpError", async (t) => {
  const { program } = await withViews(t, { 'gone.pih': 'printed<% throw HttpError(410) %>' });
  program.get('/', (_, response) => response.render('gone'));
  const response = await (await visit(t, program)).get('/');
  t.is(response.status, 410);
  t.notRegex(await response.text(), /printed/);
});

test('a thrown value that is no Error is an error all the same, and no word to Express', async (t) => {
  for (const thrown of ['undefined', 'null', '0', '"route"', 'Promise.reject']) {
    const { render } = await withViews(t, { 'page.pih': `<% throw ${thrown} %>` });
    const error = await t.throwsAsync(render('page'), { code: 'view-thrown' }, thrown);
    t.regex(error?.message ?? '', /page\.pih: the view threw/);
  }
});

test('redirect() in a view is an error that says where it belongs', async (t) => {
  const { render } = await withViews(t, { 'page.pih': '<% redirect("/login") %>' });
  const error = await t.throwsAsync(render('page'), { code: 'view-redirect' });
  t.regex(String(error?.cause instanceof Error && error.cause.stack), /page\.pih:1:4/);
});

test('a text page is no view, because Express would send its text as HTML', async (t) => {
  const { render } = await withViews(t, { 'page.txt.pih': '<%= ARGS.x %>' });
  await t.throwsAsync(render('page.txt.pih'), { code: 'view-text-page' });
});

test('a view without a request has its ARGS; a name that needs one is an error that says so', async (t) => {
  const names = [
    'Session()',
    'Session({ read_only: true })',
    '_email',
    'QUERY.x',
    'FILES.x',
    'PARAMS.id',
    'REQUEST.path',
    'RESPONSE.status',
    'CONFIG.log',
  ];
  for (const name of names) {
    const { render } = await withViews(t, { 'page.pih': `<%= ${name} %>` });
    const error = await t.throwsAsync(render('page'), { code: 'view-without-request' }, name);
    t.regex(error?.message ?? '', /page\.pih: a view has no /);
  }
  const { render } = await withViews(t, {
    'page.pih': '<% await RESPONSE.flush() %>',
    'outer.pih': '<% const p = "inner.pih"; Include(p) %>',
    'inner.pih': '<%= Session().x %>',
  });
  await t.throwsAsync(render('page'), { code: 'view-without-request' });
  await t.throwsAsync(render('outer'), { code: 'view-without-request' });
});

test('a view that does not exist is an error of Express; a view that vanishes is an error of the engine', async (t) => {
  const { views, render } = await withViews(t, { 'page.pih': 'x' });
  await t.throwsAsync(render('nowhere'), { message: /Failed to lookup view/ });
  await mkdir(join(views, 'empty'));
  const html = (file: string) =>
    new Promise((resolve, reject) => {
      viewEngine(file, {}, (error, text) => (error === null ? resolve(text) : reject(error)));
    });
  t.is(await html(join(views, 'page.pih')), 'x');
  await t.throwsAsync(html(join(views, 'vanished.pih')), { code: 'page-unreadable' });
  await t.throwsAsync(html(join(views, 'nowhere/vanished.pih')), { code: 'root-missing' });
});

test('many renderings at once keep their locals apart', async (t) => {
  const { render } = await withViews(t, {
    'page.pih': '<% await new Promise((go) => setImmediate(go)) %><%= ARGS.n %>',
  });
  const all = Array.from({ length: 100 }, (_, n) => n);
  t.deepEqual(await Promise.all(all.map((n) => render('page', { n }))), all.map(String));
});
