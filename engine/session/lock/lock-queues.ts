// The queues in front of every store. Requests of one process for the lock of one key are served in order of arrival, so that only
// the head of a queue contends in the store.

import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '../../diagnostics/problem.ts';
import type { LockRequest, MaybePromise } from '../session-store.ts';

/** How often idle() looks. */
const IDLE_CHECK_MS = 5;

/** A request that has waited longer fails with the head, because a try of its own would exceed the two seconds of a 503. */
const LONG_WAIT_MS = 100;

/** A request that waits in a queue. */
interface QueuedRequest {
  readonly request: LockRequest;
  readonly since: number;
  grant(): void;
  reject(problem: Problem): void;
}

/** All queues of one server. */
export class LockQueues {
  readonly #slots = new Map<string, QueueSlot>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Waits until no request holds a lock, at most for these seconds. */
  async idle(timeoutSeconds: number): Promise<void> {
    const until = performance.now() + timeoutSeconds * 1000;
    while (this.#slots.size > 0 && performance.now() < until) await pause(IDLE_CHECK_MS);
  }

  /** The slot at the head of the queue of a key. No promise if the queue is empty. */
  acquire(key: string, request: LockRequest): MaybePromise<QueueSlot> {
    const held = this.#slots.get(key);
    if (held !== undefined) return held.wait(request);
    const slot = new QueueSlot(this.#slots, key, request.page, this.#now);
    this.#slots.set(key, slot);
    return slot;
  }
}

/** The head of one queue. It passes from holder to holder, and is removed with the last one. */
export class QueueSlot {
  readonly #slots: Map<string, QueueSlot>;
  readonly #key: string;
  readonly #now: () => number;
  #page: string;
  #since: number;
  #waiting: QueuedRequest[] | undefined;

  constructor(slots: Map<string, QueueSlot>, key: string, page: string, now: () => number) {
    this.#slots = slots;
    this.#key = key;
    this.#page = page;
    this.#now = now;
    this.#since = now();
  }

  /** Passes the slot to the next request. */
  release(): void {
    const next = this.#waiting?.shift();
    if (next === undefined) {
      this.#slots.delete(this.#key);
      return;
    }
    this.#page = next.request.page;
    this.#since = this.#now();
    next.grant();
  }

  /** As release(), for a holder whose store is unavailable: the requests that have waited long fail as well. */
  fail(problem: Problem): void {
    const limit = performance.now() - LONG_WAIT_MS;
    for (const queued of this.#waiting ?? []) if (queued.since < limit) queued.reject(problem);
    this.release();
  }

  /** @throws Problem 'session-visitor-left' or 'session-locked' */
  wait(request: LockRequest): Promise<QueueSlot> {
    const { signal, timeoutSeconds } = request;
    return new Promise((resolve, refuse) => {
      if (signal?.aborted) return refuse(new Problem('session-visitor-left'));
      const reject = (problem: Problem) => {
        settle();
        this.#waiting = this.#waiting?.filter((other) => other !== queued);
        refuse(problem);
      };
      const abort = () => reject(new Problem('session-visitor-left'));
      const expire = () => reject(lockedProblem(timeoutSeconds, this.#page, this.#now() - this.#since));
      const timer = setTimeout(expire, timeoutSeconds * 1000);
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      const grant = () => {
        settle();
        resolve(this);
      };
      const queued: QueuedRequest = { request, since: performance.now(), grant, reject };
      signal?.addEventListener('abort', abort);
      this.#waiting ??= [];
      this.#waiting.push(queued);
    });
  }
}

/** The error of a request that waited too long, with the page that held the lock and for how many milliseconds. */
export function lockedProblem(timeoutSeconds: number, page: string, heldMs: number): Problem {
  return new Problem('session-locked', {
    params: { timeout: timeoutSeconds, page, held: (heldMs / 1000).toFixed(1) },
  });
}
