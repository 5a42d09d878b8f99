// Locks that arrive by message. A request that releases a lock sends it, with the entry, to the channel of the process whose request
// is next in the queue. The message may arrive before the answer that the request has to wait, so acquisitions are registered first.

import { Problem } from '../../../diagnostics/problem.ts';
import type { Acquisition, DriverEntry, HeldLock } from '../locking/store-driver.ts';

/** A lock with its entry. The fence is the version of the entry, '' if there is none. */
export function heldBy(
  acquisition: Acquisition,
  version: unknown,
  deadline: unknown,
  text: unknown,
): HeldLock {
  const entry = entryOf(deadline, text);
  const fence = entry !== undefined && typeof version === 'string' ? version : '';
  return { kind: 'held', acquisition, entry, fence };
}

/** An entry from the fields of its hash. */
export function entryOf(deadline: unknown, text: unknown): DriverEntry | undefined {
  if (typeof deadline !== 'string' || deadline === '') return undefined;
  return { text: typeof text === 'string' ? text : '', deadline: Number(deadline) };
}

interface ExpectedLock {
  readonly acquisition: Acquisition;
  held: HeldLock | undefined;
  wake: (() => void) | undefined;
}

/** The acquisitions of this process that may get their lock by message. */
export class LockHandovers {
  readonly #expected = new Map<string, ExpectedLock>();

  expect(acquisition: Acquisition): void {
    if (!this.#expected.has(acquisition.token))
      this.#expected.set(acquisition.token, { acquisition, held: undefined, wake: undefined });
  }

  forget({ token }: Acquisition): void {
    this.#expected.delete(token);
  }

  /**
   * Takes a message: token, key, version, deadline and text, separated by line feeds. Returns the acquisition if it is not expected
   * any more: then the lock must be released.
   */
  receive(message: string): Acquisition | undefined {
    const [token = '', key = '', version = '', deadline = ''] = message.split('\n', 4);
    const expected = this.#expected.get(token);
    if (expected === undefined) return { key, token, page: '', mayCreate: false };
    const text = message.slice(token.length + key.length + version.length + deadline.length + 4);
    expected.held = heldBy(expected.acquisition, version, deadline, text);
    expected.wake?.();
    return undefined;
  }

  /** The lock, if it arrives within these milliseconds. */
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
