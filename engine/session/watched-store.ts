// A store as its requests find it: when it cannot be used, that is said once, and once more when it can. So nobody has to say
// it of each request that fails meanwhile. For stores that do not say it by themselves.

import type { Problem } from '../diagnostics/problem.ts';
import { isOutage, type OutageCode } from './away.ts';
import type { SessionsEnvironment } from './face.ts';
import type { Change, Claim, Found, MaybePromise, SessionStore, StoredEntry, StoreTurn } from './store.ts';
import { WrappedStore } from './wrapped-store.ts';

/** A store that fails now and then is not back in between. */
const STEADY_MS = 1000;

/** What a success shows: a full disk can be read, and a sweep passes over a store that is away. */
type Shown = 'nothing' | 'reads' | 'writes';

/** Passes everything on, and listens to what comes of it. */
export class WatchedStore extends WrappedStore<string> {
  readonly #shown: string;
  readonly #log: SessionsEnvironment['log'];
  #outage: OutageCode | undefined;
  #failed = 0;

  /** `shown`: the store for people. One that is away already has said so. */
  constructor(store: SessionStore<string>, shown: string, log: SessionsEnvironment['log']) {
    super(store);
    this.#shown = shown;
    this.#log = log;
    this.#outage = hasSecret(store) ? undefined : 'session-store-away';
  }

  async take(key: string, claim: Claim): Promise<StoreTurn<string>> {
    const turn = await this.#watched('reads', () => this.inner.take(key, claim));
    const commit = (change: Change<string>) => this.#watched(shownBy(change), () => turn.commit(change));
    return { found: turn.found, commit };
  }

  read(key: string): Promise<Found<string>> {
    return this.#watched('reads', () => this.inner.read(key));
  }

  override touch(key: string, deadline: number, from: number): Promise<boolean> {
    return this.#watched('reads', () => super.touch(key, deadline, from));
  }

  create(key: string, content: string, deadline: number): Promise<void> {
    return this.#watched('writes', () => this.inner.create(key, content, deadline));
  }

  override sweepsHere(): Promise<boolean> {
    return this.#watched('nothing', () => super.sweepsHere());
  }

  override sweep(step: number, signal?: AbortSignal): Promise<number> {
    return this.#watched('nothing', () => super.sweep(step, signal));
  }

  list(beginning?: string): AsyncIterable<StoredEntry<string>> {
    return this.inner.list(beginning);
  }

  async #watched<T>(shown: Shown, work: () => MaybePromise<T>): Promise<T> {
    try {
      const result = await work();
      if (this.#outage !== undefined && shown !== 'nothing') this.#worked(this.#outage, shown);
      return result;
    } catch (error) {
      if (isOutage(error)) this.#failedBy(error);
      throw error;
    }
  }

  #failedBy({ code, text, status, remedy }: Problem & { readonly code: OutageCode }): void {
    this.#failed = performance.now();
    if (this.#outage === code) return;
    this.#outage = code;
    const meanwhile = `${text}; pages that use sessions get ${status} until`;
    if (code === 'session-store-away') this.#log('warn', `${meanwhile} it is back`);
    else this.#log('error', `${meanwhile} that is mended: ${this.#shown}. ${remedy}`);
  }

  #worked(outage: OutageCode, shown: Shown): void {
    if (outage === 'session-store-failed' && shown !== 'writes') return;
    if (performance.now() - this.#failed < STEADY_MS) return;
    this.#outage = undefined;
    this.#log('warn', `the session store is back: ${this.#shown}`);
  }
}

/** A deadline can be moved on a full disk, too. */
function shownBy({ kind }: Change<string>): Shown {
  return kind === 'keep' || kind === 'touch' ? 'reads' : 'writes';
}

/** Whether the store has been reached since the start. */
function hasSecret(store: SessionStore<string>): boolean {
  try {
    return store.secret.length > 0;
  } catch {
    return false;
  }
}
