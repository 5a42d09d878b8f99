// The visitors of one launch: each has a cookie of the server, and a count in its session.

import { get, type IncomingMessage } from 'node:http';
import { COUNT, countIn, pageText } from './pages.ts';

export const VISITORS = 64;

/** What a server answered. */
export interface Answer {
  readonly message: IncomingMessage;
  readonly body: string;
}

/** The cookie of each new visitor, whose first request counts. They come to all addresses of a server in turn. */
export async function newVisitors(urls: readonly string[]): Promise<string[]> {
  const cookies: string[] = [];
  for (let visitor = 0; visitor < VISITORS; visitor++) {
    const { message, body } = await answerOf(`${urls[visitor % urls.length]}${COUNT}`);
    if (body !== pageText(1)) throw new Error(`another page than that of the others was sent: ${body}`);
    const pairs = (message.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]);
    if (pairs.length === 0) throw new Error('a new visitor got no cookie');
    cookies.push(pairs.join('; '));
  }
  return cookies;
}

/** The sum of all counts, with the request of each visitor that this takes. */
export async function sumOfCounts(url: string, cookies: readonly string[]): Promise<number> {
  let sum = 0;
  for (const cookie of cookies) {
    const { body } = await answerOf(`${url}${COUNT}`, cookie);
    const count = countIn(body);
    if (!Number.isInteger(count)) throw new Error(`a page without a count was sent: ${body}`);
    sum += count;
  }
  return sum;
}

/** What is answered with 200, over a connection of its own. */
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
