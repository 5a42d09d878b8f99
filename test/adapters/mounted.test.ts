// A site among other handlers: node:http, Connect's (req, res, next), Express; and listening by itself.

import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import test from 'ava';
import express from 'express';
import { type Karrigell, Problem } from 'karrigell';
import { visit } from './express-app.ts';
import { openSite } from './site.ts';

const FILES = {
  'index.pih': 'home <%= REQUEST.path %>',
  'cart.pih': '<% const s = Session(); s.n = s.get("n", 0) + 1 %><%= s.n %><%= _add %>',
  'shop/index.pih': 'shop',
  'fails.pih': '<% throw new Error("of the page") %>',
  '_part.pih': 'hidden',
  'style.css': 'p{}',
};

test('in node:http, the site answers everything', async (t) => {
  const { app } = await openSite(t, FILES);
  const visitor = await visit(t, app.handler);
  t.is(await visitor.text('/'), 'home /');
  t.is(await visitor.text('/cart'), '1');
  t.is(await visitor.text('/cart'), '2');
  t.is((await visitor.get('/unknown')).status, 404);
});

test('in Express, a URL that the site does not have is left to the routes behind it', async (t) => {
  const { app } = await openSite(t, FILES);
  const program = express().set('env', 'test');
  program.use(app.handler);
  program.get('/own', (_, response) => response.send('route'));
  program.get('/_part.pih', (_, response) => response.send('route for a hidden name'));
  const visitor = await visit(t, program);
  t.is(await visitor.text('/'), 'home /');
  t.is(await visitor.text('/style.css'), 'p{}');
  t.is((await visitor.get('/shop')).status, 308);
  t.is(await visitor.text('/own'), 'route');
  t.is(await visitor.text('/_part.pih'), 'route for a hidden name');
  t.is((await visitor.get('/nowhere')).status, 404);
  t.is((await visitor.get('/fails')).status, 500);
});

test('below a path, pages and redirects keep the path', async (t) => {
  const { app } = await openSite(t, FILES);
  const program = express();
  program.use('/site', app.handler);
  const visitor = await visit(t, program);
  t.is(await visitor.text('/site/'), 'home /site/');
  t.is((await visitor.get('/site/shop?a=1')).headers.get('location'), '/site/shop/?a=1');
  t.is(await visitor.text('/site/cart?add=x'), '1x');
  t.is((await visitor.get('/cart')).status, 404);
});

test("a folder's redirect below a path that a visitor chooses stays on this site", async (t) => {
  const { app } = await openSite(t, FILES);
  const program = express();
  program.use('/:tenant', app.handler);
  const server = createServer({ keepAliveTimeout: 0 }, program).listen(0, '127.0.0.1');
  t.teardown(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const locationOf = (path: string) =>
    new Promise((resolve, reject) => {
      const outgoing = request({ port, path, host: '127.0.0.1', agent: false }, (response) => {
        response.resume();
        resolve(response.headers.location ?? response.statusCode);
      });
      outgoing.on('error', reject).end();
    });
  t.is(await locationOf('/one/shop'), '/one/shop/');
  t.is(await locationOf('/\\evil.example/shop'), 404);
  t.is(await locationOf('//evil.example/shop'), 404);
});

test('behind a body parser, the form is read all the same', async (t) => {
  const { app } = await openSite(t, FILES);
  const program = express();
  program.use(express.urlencoded());
  program.use(app.handler);
  const visitor = await visit(t, program);
  const body = new URLSearchParams({ add: 'tea' });
  t.is(await visitor.text('/cart', { method: 'POST', body }), '1tea');
});

type Layer = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

/** Handlers in a row, as Connect calls them. */
function inARow(...layers: readonly Layer[]) {
  return (request: IncomingMessage, response: ServerResponse) => {
    const go = (at: number, error?: unknown): void => {
      const layer = layers[at];
      if (error !== undefined || layer === undefined) response.end(`end of the row ${String(error)}`);
      else layer(request, response, (failed) => go(at + 1, failed));
    };
    go(0);
  };
}

test("in Connect's row, unknown paths go on and pages do not, their errors neither", async (t) => {
  const first = await openSite(t, FILES);
  const second = await openSite(t, { 'other.pih': 'other', 'cart.pih': 'never' });
  const visitor = await visit(t, inARow(first.app.handler, second.app.handler));
  t.is(await visitor.text('/cart'), '1');
  t.is(await visitor.text('/other'), 'other');
  t.is(await visitor.text('/nowhere'), 'end of the row undefined');
  t.is((await visitor.get('/fails')).status, 500);
});

test('a body that is handed on can still be read', async (t) => {
  const { app } = await openSite(t, FILES);
  const echo: Layer = async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    response.end(text);
  };
  const visitor = await visit(t, inARow(app.handler, echo));
  t.is(await visitor.text('/hook', { method: 'POST', body: 'payload' }), 'payload');
});

test('listen() serves on a free port, once; close() ends it, once', async (t) => {
  const { app } = await openSite(t, FILES);
  const [first, second] = await Promise.all([app.listen(), app.listen()]);
  t.deepEqual(first, second);
  t.is(first.url, `http://127.0.0.1:${first.port}/`);
  t.is(await (await fetch(first.url)).text(), 'home /');
  await Promise.all([app.close(), app.close()]);
  await t.throwsAsync(fetch(first.url));
  await t.throwsAsync(app.listen(), { instanceOf: Problem, code: 'site-closed' });
});

test('close() lets a running request end', async (t) => {
  const gate = new EventEmitter();
  Object.assign(globalThis, { closingGate: gate });
  t.teardown(() => Reflect.deleteProperty(globalThis, 'closingGate'));
  const { app } = await openSite(t, {
    'slow.pih': '<% closingGate.emit("begun"); await new Promise((go) => closingGate.once("go", go)) %>done',
  });
  const { url } = await app.listen();
  const begun = once(gate, 'begun');
  const answer = fetch(`${url}slow`);
  await begun;
  const closed = app.close();
  gate.emit('go');
  t.is(await (await answer).text(), 'done');
  await closed;
});

test('listen() may be tried again when the port was in use', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((ready) => other.once('listening', ready));
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { app } = await openSite(t, FILES, { port });
  await t.throwsAsync(app.listen(), { code: 'port-in-use' });
  await new Promise((closed) => other.close(closed));
  t.is((await app.listen()).port, port);
});

test('a site that was never served closes, and closing does not wait for a port that was not to be had', async (t) => {
  const site: Karrigell = (await openSite(t, FILES)).app;
  await t.notThrowsAsync(site.close());
  const { app } = await openSite(t, FILES, { host: '192.0.2.1' });
  const listening = app.listen();
  const closing = app.close();
  await t.throwsAsync(listening, { instanceOf: Problem });
  await t.notThrowsAsync(closing);
});

test('after close() nothing listens any more', async (t) => {
  const { app } = await openSite(t, FILES);
  const { port } = await app.listen();
  await app.close();
  const refused = await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy() && false));
    socket.on('error', () => resolve(true));
  });
  t.true(refused);
});
