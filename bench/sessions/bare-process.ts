// The server that all others are compared with: node:http and a Map, with the headers of our page and nothing else. Run by bare.ts.

import { randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { pageText } from './pages.ts';

/** name, value, name, value … */
const headers: readonly string[] = JSON.parse(process.env.BENCH_HEADERS ?? '[]');
const sessions = new Map<string, { count: number }>();

const server = createServer((request, response) => {
  const id = /(?:^|; )sessionId=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
  const session = sessions.get(id);
  if (session === undefined) {
    begin(response);
    return;
  }
  session.count++;
  send(response, session.count, headers);
});

/** A new visitor. */
function begin(response: ServerResponse): void {
  const id = randomBytes(27).toString('base64url');
  sessions.set(id, { count: 1 });
  send(response, 1, [...headers, 'Set-Cookie', `sessionId=${id}; Path=/; HttpOnly; SameSite=Lax`]);
}

function send(response: ServerResponse, count: number, fields: readonly string[]): void {
  const text = pageText(count);
  response.writeHead(200, [...fields, 'Content-Length', String(Buffer.byteLength(text))]);
  response.end(text);
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') console.log(`http://127.0.0.1:${address?.port}`);
});
