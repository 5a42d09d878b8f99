// Asks a server that may be killed at any moment: an answer is what has arrived whole. Over kept connections and new ones.

import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** An answer that has arrived whole. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
  /** The value of the session cookie, if one was sent; '' when it was removed. */
  readonly cookie: string | undefined;
}

/** A connection that could not be made, or ended before the answer was whole. */
export class Broken extends Error {}

/** One client with its kept connections. */
export class Client {
  readonly #url: string;
  readonly #kept = new Agent({ keepAlive: true });

  constructor(url: string) {
    this.#url = url;
  }

  /**
   * The answer to one request.
   * @throws Broken when the connection breaks before the end of the answer
   */
  async ask(
    path: string,
    cookie?: string,
    connection: 'kept' | 'new' = 'kept',
    method: 'GET' | 'POST' = 'GET',
  ): Promise<Answer> {
    try {
      return await this.#answer(path, cookie, connection, method);
    } catch (cause) {
      throw new Broken(path, { cause });
    }
  }

  close(): void {
    this.#kept.destroy();
  }

  async #answer(
    path: string,
    cookie: string | undefined,
    connection: 'kept' | 'new',
    method: 'GET' | 'POST',
  ): Promise<Answer> {
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      request(this.#url + path, {
        method,
        agent: connection === 'kept' ? this.#kept : false,
        headers: cookie === undefined ? {} : { cookie: `sessionId=${cookie}` },
      })
        .once('response', resolve)
        .once('error', reject)
        .end();
    });
    const body = await text(incoming);
    if (!incoming.complete) throw new Error(`the answer to ${path} was cut off`);
    const { statusCode: status = 0, headers } = incoming;
    return { status, body, headers, cookie: sessionCookie(headers['set-cookie']) };
  }
}

function sessionCookie(lines: readonly string[] = []): string | undefined {
  const [, value] =
    /^sessionId=([^;]*)/.exec(lines.findLast((line) => line.startsWith('sessionId=')) ?? '') ?? [];
  return value;
}
