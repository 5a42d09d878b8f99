// A store in front of another one: what a wrapper does not do itself is passed on here, in the one place that must know of
// every fact and method of a store. One that the interface gains, optional or not, and that is not passed on does not compile.

import type { Claim, Found, MaybePromise, SessionStore, StoredEntry, StoreTurn } from './store.ts';

/** All members, none of them optional. */
type Whole<Face> = { [Member in keyof Required<Face>]: Face[Member] };

/** Passes on what does not depend on the contents; those may be others than the inner store's. */
export abstract class WrappedStore<Content, Inner = Content> implements Whole<SessionStore<Content>> {
  protected readonly inner: SessionStore<Inner>;

  constructor(inner: SessionStore<Inner>) {
    this.inner = inner;
  }

  abstract take(key: string, claim: Claim): MaybePromise<StoreTurn<Content>>;
  abstract read(key: string): MaybePromise<Found<Content>>;
  abstract create(key: string, content: Content, deadline: number): MaybePromise<void>;
  abstract list(beginning?: string): AsyncIterable<StoredEntry<Content>>;

  get lock(): SessionStore<Inner>['lock'] {
    return this.inner.lock;
  }

  get keeps(): SessionStore<Inner>['keeps'] {
    return this.inner.keeps;
  }

  get shared(): boolean {
    return this.inner.shared;
  }

  get secret(): Uint8Array {
    return this.inner.secret;
  }

  get sweepSteps(): number {
    return this.inner.sweepSteps;
  }

  get sweepLimit(): number | undefined {
    return this.inner.sweepLimit;
  }

  get forgets(): boolean | undefined {
    return this.inner.forgets;
  }

  touch(key: string, deadline: number, from: number): MaybePromise<boolean> {
    return this.call('touch', () => this.inner.touch(key, deadline, from));
  }

  size(): MaybePromise<number | undefined> {
    return this.call('size', () => this.inner.size?.());
  }

  sweepsHere(): MaybePromise<boolean> {
    return this.call('sweepsHere', () => this.inner.sweepsHere?.() ?? true);
  }

  sweep(step: number, signal?: AbortSignal): MaybePromise<number> {
    return this.call('sweep', () => this.inner.sweep(step, signal));
  }

  close(): MaybePromise<void> {
    return this.call('close', () => this.inner.close());
  }

  /** How the inner store is called. */
  protected call<T>(_method: keyof SessionStore<Inner>, work: () => MaybePromise<T>): MaybePromise<T> {
    return work();
  }
}
