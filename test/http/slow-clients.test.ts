// limits.send_timeout: a client that reads nothing of its response is disconnected; a slow client is not.

import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import express from 'express';
import { serveSite, type TestSite } from '../site-fixture.ts';

const SIZE = 30_000_000;
const SITE = {
  'file.bin': 'x'.repeat(SIZE),
  'page.pih': `<%= 'x'.repeat(${SIZE}) %>`,
  'stream.pih': "<% for (;;) { print('x'.repeat(100_000)); await RESPONSE.flush(); } %>",
  'generator.pih':
    "<% async function* pieces() { for (;;) yield 'x'.repeat(100_000); } RESPONSE.send(pieces()); %>",
};
const LIMITS = { limits: { send_timeout: 1 } };

/** Requests all paths at once, and reads no response. */
function ask(t: ExecutionContext, port: number, paths: readonly string[]): Socket {
  const socket = connect(port, '127.0.0.1').pause();
  t.teardown(() => socket.destroy());
  socket.on('error', () => undefined);
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join(''));
  return socket;
}

async function untilLogged(site: TestSite, what: RegExp): Promise<string> {
  for (;;) {
    const found = site.logged.find(({ message }) => what.test(message));
    if (found !== undefined) return found.message;
    await pause(20);
  }
}

const portOf = (url: string): number => Number(new URL(url).port);

for (const path of ['/file.bin', '/page', '/stream', '/generator']) {
  test(`a client that does not read ${path} is disconnected`, async (t) => {
    const site = await serveSite(t, SITE, LIMITS);
    ask(t, portOf(site.url), [path]);
    t.is(
      await untilLogged(site, /disconnected/),
      `GET ${path}: the client was disconnected, because it took nothing of the response for 1 s`,
    );
    while (site.requests.length === 0) await pause(20);
    t.regex(site.requests.join('\n'), path === '/page' ? /\[200\]/ : /\[499\]/);
  });
}

test('responses that wait behind one that is not read end with its connection', async (t) => {
  const site = await serveSite(t, SITE, LIMITS);
  ask(t, portOf(site.url), ['/file.bin', '/stream', '/file.bin', '/generator']);
  await untilLogged(site, /disconnected/);
  while (site.requests.length < 4) await pause(20);
  t.is(site.requests.filter((line) => line.includes('[499]')).length, 4);
});

test('a client that reads slowly gets everything', async (t) => {
  const site = await serveSite(t, SITE, { limits: { send_timeout: 2 } });
  const socket = ask(t, portOf(site.url), ['/page', '/file.bin']);
  let read = 0;
  let sincePause = 0;
  // Reads 4 MB at a time, because the system accepts more of the response only when much of its buffer is free. The whole takes
  // longer than the limit.
  socket.on('data', (chunk) => {
    read += chunk.length;
    sincePause += chunk.length;
    if (sincePause < 4_000_000) return;
    sincePause = 0;
    socket.pause();
    setTimeout(() => socket.resume(), 300);
  });
  socket.resume();
  while (read < 2 * SIZE && !socket.closed) await pause(20);
  t.true(read >= 2 * SIZE);
  t.deepEqual(site.logged, []);
});

test('a page that computes, and a connection that is only held open, are left alone', async (t) => {
  const site = await serveSite(
    t,
    { 'slow.pih': '<% await new Promise((r) => setTimeout(r, 2500)); %>done' },
    LIMITS,
  );
  t.is(await site.text('/slow'), 'done');
  t.deepEqual(site.logged, []);
});

test('mounted in another program it holds for the responses of the site, and for no others', async (t) => {
  const site = await serveSite(t, SITE, LIMITS);
  const program = express();
  program.get('/theirs', (_, response) => {
    response.send('y'.repeat(SIZE));
  });
  program.use(site.app.handler);
  const server = createServer(program).listen(0, '127.0.0.1');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((ready) => server.once('listening', ready));
  const { port } = server.address() as AddressInfo;
  const theirs = ask(t, port, ['/theirs']);
  ask(t, port, ['/file.bin']);
  await untilLogged(site, /GET \/file\.bin: the client was disconnected/);
  await pause(1500);
  t.false(theirs.closed);
});

test('a stop closes the connection of a request that began before a reload', async (t) => {
  let began = () => {};
  let finish = () => {};
  const page_began = new Promise<void>((resolve) => (began = resolve));
  const may_end = new Promise<void>((resolve) => (finish = resolve));
  Object.assign(globalThis, { heldPage: { began, may_end } });
  const site = await serveSite(t, {
    'held.pih': '<% const { heldPage } = globalThis; heldPage.began(); await heldPage.may_end %>done',
  });
  const agent = new Agent({ keepAlive: true });
  t.teardown(() => agent.destroy());
  const asked = get(`${site.url}/held`, { agent });
  const answered = once(asked, 'response');
  await page_began;
  await site.app.configure({ config: site.config, file: undefined });
  site.app.drain();
  finish();
  const [response]: IncomingMessage[] = await answered;
  t.is(response?.headers.connection, 'close');
  response?.resume();
});
