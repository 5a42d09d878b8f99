// Makes load: each connection sends a request, reads the response to its end, and sends the request of the next visitor. At the end
// all sent requests have a response, so that their number is exact. Run by load.ts, which sends the URLs and cookies.

import { once } from 'node:events';
import { connect } from 'node:net';
import type { Load } from './load.ts';

/** Whether a response is complete: by its length, or by its last chunk. */
function isWhole(answer: string): boolean {
  const head = answer.indexOf('\r\n\r\n');
  if (head === -1) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(answer.slice(0, head))?.[1];
  if (length !== undefined) return answer.length >= head + 4 + Number(length);
  return answer.endsWith('\r\n0\r\n\r\n');
}

/** Sends requests over one connection until the end. */
function lane(url: URL, nextRequest: () => string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname).setEncoding('latin1').setNoDelay();
    let answer = '';
    const ask = (): void => {
      const request = nextRequest();
      answer = '';
      if (request !== undefined) socket.write(request);
      else {
        socket.destroy();
        resolve();
      }
    };
    socket.on('connect', ask);
    socket.on('data', (text) => {
      answer += text;
      if (!answer.startsWith('HTTP/1.1 200 ')) reject(new Error(`an answer is not 200: ${answer}`));
      else if (isWhole(answer)) ask();
    });
    socket.on('error', reject);
    // This changes nothing if the promise is resolved already.
    socket.on('close', () => reject(new Error('the server closed a connection')));
  });
}

/** The number of answered requests. */
async function run({ url: address, cookies, connections, seconds }: Load): Promise<number> {
  const url = new URL(address);
  const requests = cookies.map(
    (cookie) => `GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nCookie: ${cookie}\r\n\r\n`,
  );
  const end = performance.now() + seconds * 1000;
  let sent = 0;
  const next = (): string | undefined =>
    performance.now() < end ? requests[sent++ % requests.length] : undefined;
  await Promise.all(Array.from({ length: connections }, () => lane(url, next)));
  return sent;
}

const [load]: Load[] = await once(process, 'message');
if (load !== undefined) process.send?.(await run(load).catch(String));
