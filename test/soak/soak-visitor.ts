// One visitor of the soak site: asks for its URLs, and counts its orders beside the session.

import { setTimeout as pause } from 'node:timers/promises';
import { Broken, type Client } from '../crash/client.ts';
import type { Judge } from './judge.ts';
import { integer, oneOf, type Random } from './random.ts';
import { SOAK_URLS, type SoakUrl } from './site-set.ts';

/** The URLs that a visitor asks for, and the judge of the answers. */
export interface SoakVisitorOptions {
  readonly client: Client;
  readonly judge: Judge;
  readonly random: Random;
  /** Whether a connection may break at this moment. */
  readonly mayBreak: (began: number) => boolean;
  /** Told the process that gave a response. */
  readonly onProcess: (pid: number) => void;
}

/** A visitor with a session. */
export class SoakVisitor {
  readonly #options: SoakVisitorOptions;
  #cookie: string | undefined;
  #sent = 0;
  #acknowledged = 0;

  constructor(options: SoakVisitorOptions) {
    this.#options = options;
  }

  async work(stop: AbortSignal): Promise<void> {
    const { random } = this.#options;
    while (!stop.aborted) {
      await this.ask(oneOf(random, SOAK_URLS), oneOf(random, ['kept', 'kept', 'kept', 'new']));
      await pause(integer(random, 0, 15));
    }
  }

  /** The set of the response; undefined where there is none. */
  async ask(url: SoakUrl, connection: 'kept' | 'new'): Promise<number | undefined> {
    const { client, judge, mayBreak, onProcess } = this.#options;
    const before = judge.served();
    const began = performance.now();
    if (url.method === 'POST') this.#sent++;
    try {
      const answer = await client.ask(url.path, this.#cookie, connection, url.method);
      this.#cookie = answer.cookie ?? this.#cookie;
      if (answer.headers['x-worker'] !== undefined) onProcess(Number(answer.headers['x-worker']));
      if (url.method === 'POST') this.#count(answer.body);
      return judge.judge(url, answer, before);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      if (mayBreak(began)) judge.counts.cut++;
      else judge.fault(`${url.method} ${url.path}: ${error.cause}`);
      return undefined;
    }
  }

  /** Each order that was answered is in the session once; one whose connection broke may be. */
  #count(body: string): void {
    const found = /orders (\d+)/.exec(body)?.[1];
    // A response without it is a fault of its own.
    if (found === undefined) return;
    const orders = Number(found);
    if (orders <= this.#acknowledged || orders > this.#sent)
      this.#options.judge.fault(
        `${orders} orders, ${this.#acknowledged} answered before, ${this.#sent} sent`,
      );
    this.#acknowledged = orders;
  }
}
