// A request as its bytes, to a site that is served in this process, and its response: clients of Node refuse to send much
// of what a fuzzer sends.

import { connect } from 'node:net';
import { serveSite, type TestSite } from '../site-fixture.ts';

/** A response as a test looks at it. */
export interface RawResponse {
  /** 0: the connection was closed without one. */
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** A request that is neither answered nor closed after this time hangs. */
const ANSWER_MS = 20_000;

/** Serves a site until it is closed. */
export async function openSite(
  files: Readonly<Record<string, string>>,
): Promise<TestSite & { close(): Promise<void> }> {
  const teardowns: (() => unknown)[] = [];
  const teardown = (work: () => unknown): void => {
    teardowns.unshift(work);
  };
  const site = await serveSite({ teardown }, files, { debug: false });
  const close = async (): Promise<void> => {
    for (const work of teardowns) await work();
  };
  return { ...site, close };
}

/** Sends bytes (a string of Latin-1) and reads until the connection closes. */
export function ask(url: string, request: string): Promise<RawResponse> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const chunks: Buffer[] = [];
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error('no answer')));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve(responseIn(chunks));
      else reject(error);
    });
    socket.on('close', () => resolve(responseIn(chunks)));
    socket.write(Buffer.from(request, 'latin1'));
  });
}

/** A request for a target with these header lines. */
export function requestOf(
  method: string,
  target: string,
  headers: readonly string[] = [],
  body = '',
): string {
  const lines = [`${method} ${target} HTTP/1.1`, 'Host: a.example', 'Connection: close', ...headers];
  if (method === 'POST') lines.push(`Content-Length: ${body.length}`);
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

function responseIn(chunks: readonly Buffer[]): RawResponse {
  const text = Buffer.concat(chunks).toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, Math.max(0, end)).split('\r\n');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const body =
    headers.get('transfer-encoding') === 'chunked' ? unchunked(text.slice(end + 4)) : text.slice(end + 4);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0);
  return { status, headers, body: Buffer.from(body, 'latin1').toString('utf8') };
}

function unchunked(text: string): string {
  let whole = '';
  let rest = text;
  for (;;) {
    const line = rest.indexOf('\r\n');
    const size = Number.parseInt(rest.slice(0, line), 16);
    if (line < 0 || !(size > 0)) return whole;
    whole += rest.slice(line + 2, line + 2 + size);
    rest = rest.slice(line + 2 + size + 2);
  }
}
