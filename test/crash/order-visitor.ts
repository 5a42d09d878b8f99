// A visitor who sends the form of each order several times, at once and again after its answer was lost.

import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { TOKEN_FIELD } from '../once/printed-forms.ts';

/** One order, and what its visitor was told about it. */
export interface Order {
  readonly name: string;
  readonly page: 'order' | 'cart';
  readonly token: string;
  state: 'open' | 'done' | 'unsure';
}

/** The wait before a refused form is sent again. */
const AGAIN_MS = 5;

export class OrderVisitor {
  readonly orders: Order[] = [];
  readonly faults: string[] = [];
  /** Arrivals that were answered with 303 or 409, all arrivals, and arrivals without an answer. */
  answers = 0;
  arrivals = 0;
  broken = 0;
  readonly #name: string;
  readonly #url: string;
  readonly #processes = new Set<number>();
  #cookie = '';

  constructor(name: string, url: string) {
    this.#name = name;
    this.#url = url;
  }

  /** The processes that have answered since this was last called. */
  takeProcesses(): number[] {
    const seen = [...this.#processes];
    this.#processes.clear();
    return seen;
  }

  /** Sends orders until the signal is aborted or an answer is lost. */
  async work(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const order = this.#newOrder();
      const clicks = Array.from({ length: 1 + Math.floor(Math.random() * 4) }, () => this.#send(order));
      await Promise.all(clicks);
      if (order.state === 'open') return;
      if (Math.random() < 0.2) await this.#send(this.#earlier());
    }
  }

  /** Sends open orders until they are answered, and some earlier ones again. */
  async settle(longest: number): Promise<void> {
    const until = performance.now() + longest;
    const open = this.orders.filter(({ state }) => state === 'open');
    for (const order of open) {
      while (order.state === 'open' && performance.now() < until) {
        await this.#send(order);
        if (order.state === 'open') await pause(AGAIN_MS);
      }
      if (order.state === 'open') this.faults.push(`order ${order.name} has no answer`);
    }
    for (let n = 0; n < 3; n++) await this.#send(this.#earlier());
  }

  #newOrder(): Order {
    const name = `${this.#name}.${this.orders.length}`;
    const page = Math.random() < 0.5 ? 'order' : 'cart';
    const token = randomBytes(18).toString('base64url');
    const order: Order = { name, page, token, state: 'open' };
    this.orders.push(order);
    return order;
  }

  #earlier(): Order {
    return this.orders[Math.floor(Math.random() * this.orders.length)] ?? this.#newOrder();
  }

  async #send(order: Order): Promise<void> {
    this.arrivals++;
    const body = new URLSearchParams({ order: order.name, [TOKEN_FIELD]: order.token });
    try {
      const headers = this.#cookie === '' ? {} : { cookie: this.#cookie };
      const response = await fetch(`${this.#url}/${order.page}`, {
        method: 'POST',
        body,
        headers,
        redirect: 'manual',
      });
      await response.text();
      this.#note(order, response);
    } catch {
      this.broken++;
    }
  }

  #note(order: Order, { status, headers }: Response): void {
    const [cookie] = headers.getSetCookie();
    if (cookie !== undefined) this.#cookie = cookie.split(';')[0] ?? '';
    const worker = headers.get('x-worker');
    if (worker !== null) this.#processes.add(Number(worker));
    if (status === 503) return;
    this.answers++;
    const state = status === 303 ? 'done' : status === 409 ? 'unsure' : 'open';
    if (state === 'open') this.faults.push(`order ${order.name} was answered with ${status}`);
    if (status === 303 && headers.get('location') !== `/thanks?order=${order.name}`)
      this.faults.push(`order ${order.name} was answered with ${headers.get('location')}`);
    if (order.state !== 'open' && order.state !== state)
      this.faults.push(`order ${order.name} was ${order.state}, and is ${state} now`);
    order.state = state;
  }
}
