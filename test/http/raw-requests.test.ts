// HTTP on the wire: transfer codings, Expect, and the bytes of header values (README.md, *From URL to file*). The requests are
// sent over raw connections, because HTTP clients hide these details.

import { once } from 'node:events';
import { connect } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { openSite } from '../adapters/site.ts';
import { fakeSite } from './fake-site.ts';

const PAGE = { '/p': ({ REQUEST }: { REQUEST: { body: Uint8Array } }) => `body ${REQUEST.body.length}` };

const CODINGS: readonly (readonly [coding: string, status: number])[] = [
  ['chunked', 200],
  ['Chunked', 200],
  ['gzip, chunked', 501],
  ['deflate, gzip, chunked', 501],
  ['identity, chunked', 501],
  ['chunked, chunked', 501],
];

for (const [coding, status] of CODINGS) {
  test(`a body with the transfer coding ${coding} is ${status}`, async (t) => {
    const site = await fakeSite(t, { pages: PAGE });
    const answer = await site.raw(
      `POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ${coding}\r\nConnection: close\r\n\r\n2\r\nab\r\n0\r\n\r\n`,
    );
    // Node's parser refuses some of them with 400. None is answered as if its body were plain.
    t.regex(answer, status === 200 ? /^HTTP\/1\.1 200 .*body 2$/s : /^HTTP\/1\.1 (501|400) /s); // transfer-coding
  });
}

const FILES = {
  'echo.pih': '<%= REQUEST.body.length %>',
  'file.txt': 'text',
  'moved/index.pih': '',
};

/** The responses to a client that waits for status 100 and then sends its body. */
async function heard(t: ExecutionContext, port: number, head: string, body = ''): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  t.teardown(() => socket.destroy());
  let text = '';
  let asked = false;
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk;
    if (asked || !text.startsWith('HTTP/1.1 100 ')) return;
    asked = true;
    socket.write(body);
  });
  socket.write(`${head}\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\n\r\n`);
  await once(socket, 'close');
  return text;
}

const EXPECTING: readonly (readonly [head: string, answer: RegExp])[] = [
  [
    'POST /echo HTTP/1.1\r\nConnection: close\r\nContent-Length: 3',
    /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 .*\r\n\r\n3$/s,
  ],
  ['POST /echo HTTP/1.1\r\nContent-Length: 99999999', /^HTTP\/1\.1 413 .*Connection: close/s],
  [
    'POST /echo HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 99999999',
    /^HTTP\/1\.1 413 .*Connection: close/s,
  ],
  // A form of a browser, which would be read up to the limit if it had not asked.
  [
    'POST /echo HTTP/1.1\r\nAccept: text/html\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 99999999',
    /^HTTP\/1\.1 413 .*Connection: close/s,
  ],
  [
    'POST /echo HTTP/1.1\r\nContent-Length: 3\r\nContent-Encoding: gzip',
    /^HTTP\/1\.1 415 .*Connection: close/s,
  ],
  [
    'POST /echo HTTP/1.1\r\nContent-Length: 3\r\nContent-Type: application/x-www-form-urlencoded; charset=none',
    /^HTTP\/1\.1 415 /s,
  ],
  [
    'POST /echo HTTP/1.1\r\nContent-Length: 3\r\nSec-Fetch-Site: cross-site',
    /^HTTP\/1\.1 403 .*Connection: close/s,
  ],
  ['POST /file.txt HTTP/1.1\r\nContent-Length: 3', /^HTTP\/1\.1 405 .*Connection: close/s],
  ['GET /file.txt HTTP/1.1\r\nContent-Length: 3', /^HTTP\/1\.1 200 .*Connection: close/s],
  ['POST /moved HTTP/1.1\r\nContent-Length: 3', /^HTTP\/1\.1 308 .*Connection: close/s],
  ['POST /none HTTP/1.1\r\nContent-Length: 3', /^HTTP\/1\.1 404 .*Connection: close/s],
  ['POST http://evil.example/echo HTTP/1.1\r\nContent-Length: 3', /^HTTP\/1\.1 421 .*Connection: close/s],
];

for (const [head, answer] of EXPECTING) {
  test(`a client that waits before its body hears ${answer.source.slice(10, 13)} to ${JSON.stringify(head)}`, async (t) => {
    const { app } = await openSite(t, FILES, { debug: true });
    const { port } = await app.listen();
    t.regex(await heard(t, port, head, 'abc'), answer);
  });
}

test('a connection on which the body was asked for is kept', async (t) => {
  const { app } = await openSite(t, FILES);
  const { port } = await app.listen();
  const next = 'GET /file.txt HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n';
  const text = await heard(t, port, 'POST /echo HTTP/1.1\r\nContent-Length: 3', `abc${next}`);
  t.regex(text, /100 Continue.*200 OK.*\r\n\r\n3HTTP\/1\.1 200 OK.*\r\n\r\ntext$/s);
});

type Scope = { RESPONSE: { headers: Headers; status: number; send(body: unknown): void } };

/** Pages that send a response with é in a header. */
const WITH_E: Readonly<Record<string, (response: Scope['RESPONSE']) => unknown>> = {
  'an empty page': () => undefined,
  'a text that is sent': (response) => response.send('text é'),
  bytes: (response) => response.send(new Uint8Array([1])),
  'no content': (response) => Object.assign(response, { status: 204 }),
  'a stream of texts': (response) => response.send(ReadableStream.from(['a', 'é'])),
  'an empty stream': (response) => response.send(ReadableStream.from([])),
};

for (const [what, send] of Object.entries(WITH_E)) {
  test(`a header value is Latin-1 before ${what}, for HEAD too, from the page, the configuration and another program`, async (t) => {
    const sent = ({ RESPONSE }: Scope) => {
      send(RESPONSE);
      return what === 'an empty page' ? '' : 'printed é';
    };
    const own = await fakeSite(t, {
      pages: {
        '/p': (scope) => {
          scope.RESPONSE.headers.set('X-Name', 'é');
          return sent(scope);
        },
      },
    });
    const configured = await fakeSite(t, { pages: { '/p': sent }, config: { headers: { 'X-Name': 'é' } } });
    const beside = await fakeSite(t, {
      pages: { '/p': sent },
      mounted: (handler, request, response) => {
        response.setHeader('X-Name', 'é');
        handler.handle(request, response);
      },
    });
    for (const site of [own, configured, beside]) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await site.raw(`${method} /p HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
        t.regex(answer, /\r\nX-Name: \xe9\r\n/i, `${method}: ${answer}`);
      }
    }
  });
}
