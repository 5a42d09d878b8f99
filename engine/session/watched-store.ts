// A store as its requests find it: when it goes away, that is said once, and once more when it has come back. So nobody
// has to say it of each request that fails meanwhile. For stores that do not say it by themselves.

import type { Problem } from '../diagnostics/problem.ts';
import { isAway } from './away.ts';
import type { SessionsEnvironment } from './face.ts';
import type { Claim, Found, MaybePromise, SessionStore, StoredEntry, StoreTurn } from './store.ts';
import { WrappedStore } from './wrapped-store.ts';

/** A store that fails now and then is not back in between. */
const STEADY_MS = 1000;

/** Passes everything on, and listens to what comes of it. */
export class WatchedStore extends WrappedStore<string> {
  readonly #shown: string;
  readonly #log: SessionsEnvironment['log'];
  #isAway: boolean;
  #failed = 0;

  /** `shown`: the store for people. One that is away already has said so. */
  constructor(store: SessionStore<string>, shown: string, log: SessionsEnvironment['log']) {
    super(store);
    this.#shown = shown;
    this.#log = log;
    this.#isAway = !hasSecret(store);
  }

  async take(key: string, claim: Claim): Promise<StoreTurn<string>> {
    const turn = await this.#watched(() => this.inner.take(key, claim));
    return { found: turn.found, commit: (change) => this.#watched(() => turn.commit(change)) };
  }

  read(key: string): Promise<Found<string>> {
    return this.#watched(() => this.inner.read(key));
  }

  override touch(key: string, deadline: number): Promise<boolean> {
    return this.#watched(() => super.touch(key, deadline));
  }

  create(key: string, content: string, deadline: number): Promise<void> {
    return this.#watched(() => this.inner.create(key, content, deadline));
  }

  list(beginning?: string): AsyncIterable<StoredEntry<string>> {
    return this.inner.list(beginning);
  }

  async #watched<T>(work: () => MaybePromise<T>): Promise<T> {
    try {
      const result = await work();
      if (this.#isAway) this.#worked();
      return result;
    } catch (error) {
      if (isAway(error)) this.#away(error);
      throw error;
    }
  }

  #away({ text }: Problem): void {
    this.#failed = performance.now();
    if (this.#isAway) return;
    this.#isAway = true;
    this.#log('warn', `${text}; pages that use sessions get 503 until it is back`);
  }

  #worked(): void {
    if (performance.now() - this.#failed < STEADY_MS) return;
    this.#isAway = false;
    this.#log('warn', `the session store is back: ${this.#shown}`);
  }
}

/** Whether the store has been reached since the start. */
function hasSecret(store: SessionStore<string>): boolean {
  try {
    return store.secret.length > 0;
  } catch {
    return false;
  }
}
