// The visitors of one launch: each has a cookie of the server, and a count in its session.

import { get, type IncomingMessage } from 'node:http';
import { COUNT, countIn, pageText } from './pages.ts';

export const VISITORS = 64;

/** The response of a server. */
export interface Answer {
  readonly message: IncomingMessage;
  readonly body: string;
}

/** A visitor, and the address that began the session. */
export interface Visitor {
  readonly url: string;
  readonly cookie: string;
}

/** New visitors. Their first requests count. They are spread over all addresses of a server. */
export async function newVisitors(urls: readonly string[]): Promise<Visitor[]> {
  const visitors: Visitor[] = [];
  for (let visitor = 0; visitor < VISITORS; visitor++) {
    const url = urls[visitor % urls.length] ?? '';
    const { message, body } = await answerOf(`${url}${COUNT}`);
    if (body !== pageText(1)) throw new Error(`another page than that of the others was sent: ${body}`);
    const pairs = (message.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]);
    if (pairs.length === 0) throw new Error('a new visitor got no cookie');
    visitors.push({ url, cookie: pairs.join('; ') });
  }
  return visitors;
}

/** The sum of all counts. Reading them takes one request of each visitor, which counts too. */
export async function sumOfCounts(visitors: readonly Visitor[]): Promise<number> {
  let sum = 0;
  for (const { url, cookie } of visitors) {
    const { body } = await answerOf(`${url}${COUNT}`, cookie);
    const count = countIn(body);
    if (!Number.isInteger(count)) throw new Error(`a page without a count was sent: ${body}`);
    sum += count;
  }
  return sum;
}

/** The response 200 to a request on a connection of its own; any other status is an error. */
export async function answerOf(url: string, cookie?: string): Promise<Answer> {
  const headers = cookie === undefined ? {} : { Cookie: cookie };
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { agent: false, headers }, resolve).on('error', reject);
  });
  let body = '';
  for await (const chunk of message.setEncoding('utf8')) body += chunk;
  if (message.statusCode !== 200) throw new Error(`${url} was answered with ${message.statusCode}: ${body}`);
  return { message, body };
}
