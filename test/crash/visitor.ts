// A visitor of the crash site: bursts of parallel writes, then perhaps a new id or the end of the session. If a connection
// breaks before the answer, a later read of the session shows whether its write was stored.

import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, Broken, type Client } from './client.ts';
import { type Kept, Life } from './life.ts';
import { WRITING_PAGES } from './site.ts';
import type { Tally } from './tally.ts';

/** From this on a session is ended: a long list would make each of its requests slow. */
const LONG = 40;
/** The number of ended sessions that are looked at again. */
const REMEMBERED = 5;
/** The wait before a refused request is sent again. */
const AGAIN_MS = 5;

/** Finds a session by the name of its life in the store itself, whatever its id is by now. */
export type FindInStore = (life: string) => Promise<Kept | undefined>;

/** Somebody with one session at a time. */
export class Visitor {
  readonly #name: string;
  readonly #client: Client;
  readonly #tally: Tally;
  /** The session is in the cookie: each answer may bring a newer one, and one that was replaced is still good. */
  readonly #hasSession: boolean;
  readonly #ended: string[] = [];
  readonly #processes = new Set<number>();
  #lives = 0;
  #life: Life;
  #cookie: string | undefined;
  /** The answer that named a newer id was lost: nothing can be written until inspect() finds that out. */
  #retired = false;
  /** The end of the session was asked for, and the answer was lost. */
  #mayBeClosed = false;

  /** @param hasSession the session is in the cookie of the visitor */
  constructor(name: string, client: Client, tally: Tally, hasSession = false) {
    this.#hasSession = hasSession;
    this.#name = name;
    this.#client = client;
    this.#tally = tally;
    this.#life = this.#newLife();
  }

  /** The processes that have answered since this was last asked. */
  takeProcesses(): number[] {
    const seen = [...this.#processes];
    this.#processes.clear();
    return seen;
  }

  /** Works until it is told to stop or a connection breaks. */
  async work(stop: AbortSignal): Promise<void> {
    while (!stop.aborted && !this.#retired) {
      try {
        if (this.#cookie === undefined && !(await this.#begin())) continue;
        await this.#burst();
        if (this.#life.length > LONG) await this.#close();
        else if (chance(0.2)) await this.#regenerate();
      } catch (error) {
        if (error instanceof Broken) return;
        if (!(error instanceof Refused)) throw error;
      }
    }
  }

  /** Looks at what the server has, `since` then; answers that take longer than this are a fault. */
  async inspect(since: number, longest: number, findInStore: FindInStore): Promise<void> {
    if (this.#cookie !== undefined) {
      const kept = await this.#readWhenThere(this.#cookie, since + longest);
      const waited = performance.now() - since;
      this.#tally.longest_wait = Math.max(this.#tally.longest_wait, waited);
      if (waited > longest) this.#fault(`an answer after ${Math.round(waited)} ms`);
      if (kept.life === this.#life.name || this.#life.length === 0) this.#check(kept);
      else await this.#follow(findInStore);
    }
    for (const cookie of this.#ended) {
      const { life } = await this.#readWhenThere(cookie, since + longest);
      if (life !== null) this.#fault(`the ended session ${life} is there again`);
    }
  }

  /** Adds the session that is still going on. */
  finish(): void {
    this.#life.addTo(this.#tally);
  }

  /** Whether there is a session now. */
  async #begin(): Promise<boolean> {
    const path = chance(0.5) ? '/open' : this.#write('add');
    const { status, cookie } = await this.#ask(path);
    if (status === 200) this.#cookie = cookie;
    if (status === 200 && cookie === undefined) this.#fault(`no cookie from ${path}`);
    return this.#cookie !== undefined;
  }

  /** Requests of one browser at the same time, as frames and double clicks make them. */
  async #burst(): Promise<void> {
    const lanes = Array.from({ length: this.#hasSession ? 1 : between(1, 4) }, async () => {
      for (let left = between(1, 4); left > 0; left--) await this.#add();
    });
    const results = await Promise.allSettled(lanes);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  async #add(): Promise<void> {
    const page = WRITING_PAGES[between(0, WRITING_PAGES.length - 1)] ?? 'add';
    const op = this.#life.send();
    const answer = await this.#ask(this.#path(page, op), chance(0.1) ? 'new' : 'kept');
    if (answer.status === 200) this.#life.acknowledge(op);
  }

  async #regenerate(): Promise<void> {
    const op = this.#life.send();
    const before = this.#cookie;
    const { status, cookie } = await this.#ask(this.#path('regenerate', op));
    if (status !== 200 || cookie === undefined || before === undefined) return;
    this.#life.acknowledge(op);
    this.#tally.moved++;
    this.#cookie = cookie;
    this.#remember(before);
  }

  async #close(): Promise<void> {
    const before = this.#cookie;
    if (before === undefined) return;
    const kept = await this.#read(before);
    if (this.#mayBeClosed && kept.life === null) return this.#startAnew();
    this.#check(kept);
    this.#mayBeClosed = true;
    const { status } = await this.#ask('/close');
    if (status !== 200) return;
    this.#tally.closed++;
    this.#remember(before);
    this.#startAnew();
  }

  /** The answer to close() or regenerate() may have been lost: then the id is retired, rightly. */
  async #follow(findInStore: FindInStore): Promise<void> {
    const kept = await findInStore(this.#life.name);
    if (kept === undefined) {
      if (!this.#mayBeClosed) this.#fault('the session is gone');
    } else if (!this.#mayBeClosed || kept.ops.length >= this.#life.length) this.#check(kept);
    // Else it was closed, and what is found is the copy that a move left which was cut off earlier.
    this.#startAnew();
  }

  #check(kept: Kept): void {
    this.#tally.faults.push(...this.#life.faultsOf(kept));
  }

  #startAnew(): void {
    this.#life.addTo(this.#tally);
    this.#life = this.#newLife();
    this.#cookie = undefined;
    this.#retired = false;
    this.#mayBeClosed = false;
  }

  #newLife(): Life {
    return new Life(`${this.#name}-${++this.#lives}`);
  }

  #remember(cookie: string): void {
    if (!this.#hasSession) this.#ended.push(cookie);
    if (this.#ended.length > REMEMBERED) this.#ended.shift();
  }

  /** While no process listens, connections are refused; while the store is away, answers. */
  async #readWhenThere(cookie: string, until: number): Promise<Kept> {
    for (;;) {
      try {
        return await this.#read(cookie);
      } catch (error) {
        if (!(error instanceof Broken || error instanceof Refused) || performance.now() > until) throw error;
        await pause(10);
      }
    }
  }

  async #read(cookie: string): Promise<Kept> {
    const { status, body } = await this.#answer('/read', cookie, 'new');
    if (status === 200) return JSON.parse(body);
    throw new Refused(`/read was answered with ${status} ${body}`);
  }

  #write(page: string): string {
    return this.#path(page, this.#life.send());
  }

  #path(page: string, op: string): string {
    return `/${page}?life=${this.#life.name}&op=${op}`;
  }

  async #ask(path: string, connection: 'kept' | 'new' = 'kept'): Promise<Answer> {
    const answer = await this.#answer(path, this.#cookie, connection);
    const { statuses } = this.#tally;
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    if (answer.status === 409) this.#retired = true;
    if (this.#hasSession && answer.cookie) this.#cookie = answer.cookie;
    if (answer.status === 200) {
      this.#processes.add(Number(answer.headers['x-worker']));
      this.#tally.answered++;
    } else {
      if (answer.status === 503 && answer.headers['retry-after'] === undefined)
        this.#fault(`${path} was answered with 503 without Retry-After`);
      this.#tally.refused++;
      await pause(AGAIN_MS);
    }
    return answer;
  }

  async #answer(path: string, cookie: string | undefined, connection: 'kept' | 'new'): Promise<Answer> {
    try {
      return await this.#client.ask(path, cookie, connection);
    } catch (error) {
      if (error instanceof Broken) this.#tally.broken++;
      throw error;
    }
  }

  #fault(what: string): void {
    this.#tally.faults.push(`visitor ${this.#name}, session ${this.#life.name}: ${what}`);
  }
}

/** An answer that says nothing of the session. */
class Refused extends Error {}

function chance(part: number): boolean {
  return Math.random() < part;
}

function between(least: number, most: number): number {
  return least + Math.floor(Math.random() * (most - least + 1));
}
