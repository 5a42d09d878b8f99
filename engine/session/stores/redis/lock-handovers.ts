// Locks that come by message: a request that releases a lock sends it, with the entry, to the channel of the process whose
// request is next. The message may come before that request has been told to wait, so requests are entered beforehand.

import { Problem } from '../../../diagnostics/problem.ts';
import type { Acquisition, DriverEntry, HeldLock } from '../locking/store-driver.ts';

/** The lock of a lease; its mark is the version of the entry as it was read, '' where none was. */
export function heldBy(
  acquisition: Acquisition,
  version: unknown,
  deadline: unknown,
  text: unknown,
): HeldLock {
  const entry = entryOf(deadline, text);
  const mark = entry !== undefined && typeof version === 'string' ? version : '';
  return { kind: 'held', acquisition, entry, fence: mark };
}

/** An entry as the server gives it. */
export function entryOf(deadline: unknown, text: unknown): DriverEntry | undefined {
  if (typeof deadline !== 'string' || deadline === '') return undefined;
  return { text: typeof text === 'string' ? text : '', deadline: Number(deadline) };
}

interface Expected {
  readonly lease: Acquisition;
  held: HeldLock | undefined;
  wake: (() => void) | undefined;
}

/** The requests of this process that wait for locks. */
export class Grants {
  readonly #expected = new Map<string, Expected>();

  expect(acquisition: Acquisition): void {
    if (!this.#expected.has(acquisition.token))
      this.#expected.set(acquisition.token, { lease: acquisition, held: undefined, wake: undefined });
  }

  forget({ token }: Acquisition): void {
    this.#expected.delete(token);
  }

  /** Takes a message: token, key, version, deadline and text, a line each. Gives the lease of a lock that nothing waits for. */
  hear(message: string): Acquisition | undefined {
    const [token = '', key = '', version = '', deadline = ''] = message.split('\n', 4);
    const expected = this.#expected.get(token);
    if (expected === undefined) return { key, token, page: '', mayCreate: false };
    const text = message.slice(token.length + key.length + version.length + deadline.length + 4);
    expected.held = heldBy(expected.lease, version, deadline, text);
    expected.wake?.();
    return undefined;
  }

  /** The lock, if it comes within so many milliseconds. */
  wait(
    acquisition: Acquisition,
    milliseconds: number,
    signal: AbortSignal | undefined,
  ): Promise<HeldLock | undefined> {
    const expected = this.#expected.get(acquisition.token);
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', settle);
        if (expected?.held !== undefined) this.forget(acquisition);
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
