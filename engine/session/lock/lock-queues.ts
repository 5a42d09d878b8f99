// The queue in front of every store: requests of one session in this process go one after another, in order of
// arrival, so that only the head of the queue contends in the store. Knows nothing of stores or data.

import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '../../diagnostics/problem.ts';
import type { LockRequest, MaybePromise } from '../session-store.ts';

/** How often idle() looks. */
const IDLE_LOOK_MS = 5;

/** Who has waited for longer than this when the store turns out to be away is told so: asking again takes too long. */
const ASKS_AGAIN_MS = 100;

/** Somebody who waits. */
interface Waiter {
  readonly request: LockRequest;
  readonly since: number;
  grant(): void;
  leave(problem: Problem): void;
}

/** All the queues of one server. */
export class LockQueues {
  readonly #slots = new Map<string, QueueSlot>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Waits until nobody holds a lock, but no longer than so many seconds. */
  async idle(patience: number): Promise<void> {
    const until = performance.now() + patience * 1000;
    while (this.#slots.size > 0 && performance.now() < until) await pause(IDLE_LOOK_MS);
  }

  /** The lock of a key: at once when nobody has it (no promise: a synchronous page stays synchronous). */
  acquire(key: string, request: LockRequest): MaybePromise<QueueSlot> {
    const held = this.#slots.get(key);
    if (held !== undefined) return held.wait(request);
    const place = new QueueSlot(this.#slots, key, request.page, this.#now);
    this.#slots.set(key, place);
    return place;
  }
}

/** The head of one queue; handed on from holder to holder. */
export class QueueSlot {
  readonly #slots: Map<string, QueueSlot>;
  readonly #key: string;
  readonly #now: () => number;
  #page: string;
  #since: number;
  #waiters: Waiter[] | undefined;

  constructor(places: Map<string, QueueSlot>, key: string, page: string, now: () => number) {
    this.#slots = places;
    this.#key = key;
    this.#page = page;
    this.#now = now;
    this.#since = now();
  }

  /** The holder has done: the next in the queue goes on. */
  release(): void {
    const next = this.#waiters?.shift();
    if (next === undefined) {
      this.#slots.delete(this.#key);
      return;
    }
    this.#page = next.request.page;
    this.#since = this.#now();
    next.grant();
  }

  /** The store did not answer the holder: so do those learn who have waited for that, and the next one goes on. */
  fail(problem: Problem): void {
    const before = performance.now() - ASKS_AGAIN_MS;
    for (const waiter of this.#waiters ?? []) if (waiter.since < before) waiter.leave(problem);
    this.release();
  }

  /** Stands in the queue. */
  wait(request: LockRequest): Promise<QueueSlot> {
    const { signal, timeoutSeconds: patience } = request;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new Problem('session-visitor-left'));
      const leave = (problem: Problem) => {
        settle();
        this.#waiters = this.#waiters?.filter((other) => other !== waiter);
        reject(problem);
      };
      const abandoned = () => leave(new Problem('session-visitor-left'));
      const timer = setTimeout(() => leave(this.#lockedFor(patience)), patience * 1000);
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abandoned);
      };
      const grant = () => {
        settle();
        resolve(this);
      };
      const waiter: Waiter = { request, since: performance.now(), grant, leave };
      signal?.addEventListener('abort', abandoned);
      this.#waiters ??= [];
      this.#waiters.push(waiter);
    });
  }

  #lockedFor(patience: number): Problem {
    return lockedProblem(patience, this.#page, this.#now() - this.#since);
  }
}

/** What a request is told that waited too long. */
export function lockedProblem(patience: number, page: string, heldMs: number): Problem {
  return new Problem('session-locked', { params: { patience, page, held: (heldMs / 1000).toFixed(1) } });
}
