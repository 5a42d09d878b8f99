// Locks that come by message: a request that releases a lock sends it, with the entry, to the channel of the process whose
// request is next. The message may come before that request has been told to wait, so requests are entered beforehand.

import { Problem } from '../../../diagnostics/problem.ts';
import type { Entry, Held, Lease } from '../locking/driver.ts';

/** The lock of a lease; its mark is the version of the entry as it was read, '' where none was. */
export function heldBy(lease: Lease, version: unknown, deadline: unknown, text: unknown): Held {
  const entry = entryOf(deadline, text);
  const mark = entry !== undefined && typeof version === 'string' ? version : '';
  return { kind: 'held', lease, entry, mark };
}

/** An entry as the server gives it. */
export function entryOf(deadline: unknown, text: unknown): Entry | undefined {
  if (typeof deadline !== 'string' || deadline === '') return undefined;
  return { text: typeof text === 'string' ? text : '', deadline: Number(deadline) };
}

interface Expected {
  readonly lease: Lease;
  held: Held | undefined;
  wake: (() => void) | undefined;
}

/** The requests of this process that wait for locks. */
export class Grants {
  readonly #expected = new Map<string, Expected>();

  expect(lease: Lease): void {
    if (!this.#expected.has(lease.token))
      this.#expected.set(lease.token, { lease, held: undefined, wake: undefined });
  }

  forget({ token }: Lease): void {
    this.#expected.delete(token);
  }

  /** Takes a message: token, key, version, deadline and text, a line each. Gives the lease of a lock that nothing waits for. */
  hear(message: string): Lease | undefined {
    const [token = '', key = '', version = '', deadline = ''] = message.split('\n', 4);
    const expected = this.#expected.get(token);
    if (expected === undefined) return { key, token, page: '', begins: false };
    const text = message.slice(token.length + key.length + version.length + deadline.length + 4);
    expected.held = heldBy(expected.lease, version, deadline, text);
    expected.wake?.();
    return undefined;
  }

  /** The lock, if it comes within so many milliseconds. */
  wait(lease: Lease, milliseconds: number, signal: AbortSignal | undefined): Promise<Held | undefined> {
    const expected = this.#expected.get(lease.token);
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', settle);
        if (expected?.held !== undefined) this.forget(lease);
        if (expected?.held === undefined && signal?.aborted) reject(new Problem('session-visitor-left'));
        else resolve(expected?.held);
      };
      const timer = setTimeout(settle, milliseconds);
      if (expected !== undefined) expected.wake = settle;
      signal?.addEventListener('abort', settle);
      if (expected?.held !== undefined || signal?.aborted) settle();
    });
  }
}
