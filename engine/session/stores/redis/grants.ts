// Turns that come by message: whoever gives a turn up sends it, with the data, to the channel of the process whose
// request is next. A message may come before its request has been told to wait, so requests are entered beforehand.

import { Problem } from '../../../diagnostics/problem.ts';
import type { Found } from '../../store.ts';
import { REMOVED } from './scripts.ts';

/** What was found with a turn, and the version of it that was read; '' when nothing was there. */
export interface Read {
  readonly found: Found<string>;
  readonly version: string;
}

/** What stands under a key, as the server gives it: version, deadline, content. */
export function readOf(version: unknown, deadline: unknown, content: unknown, now: number): Read {
  if (typeof version !== 'string' || typeof deadline !== 'string') {
    return { found: { state: 'absent' }, version: '' };
  }
  const until = Number(deadline);
  if (until !== 0 && until <= now) return { found: { state: 'absent' }, version };
  if (typeof content !== 'string')
    return { found: { state: version === REMOVED ? 'removed' : 'retired' }, version };
  return { found: { state: 'live', content, deadline: until }, version };
}

interface Expected {
  read: Read | undefined;
  wake: (() => void) | undefined;
}

/** The requests of this process that stand in a queue. */
export class Grants {
  readonly #now: () => number;
  readonly #expected = new Map<string, Expected>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Enters a request. */
  expect(token: string): void {
    this.#expected.set(token, { read: undefined, wake: undefined });
  }

  forget(token: string): void {
    this.#expected.delete(token);
  }

  /** Takes a message: token, key, version, deadline and '+content', a line each. Gives the turn that nobody expects. */
  hear(message: string): { readonly key: string; readonly token: string } | undefined {
    const [token = '', key = '', version = '', deadline = ''] = message.split('\n', 4);
    const waiter = this.#expected.get(token);
    if (waiter === undefined) return { key, token };
    const content = message.slice(token.length + key.length + version.length + deadline.length + 4);
    waiter.read = readOf(
      version === '' ? undefined : version,
      deadline === '' ? undefined : deadline,
      content === '' ? undefined : content.slice(1),
      this.#now(),
    );
    waiter.wake?.();
    return undefined;
  }

  /** The turn, if it comes within so many milliseconds. */
  wait(token: string, milliseconds: number, signal: AbortSignal | undefined): Promise<Read | undefined> {
    const waiter = this.#expected.get(token);
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', settle);
        if (waiter?.read === undefined && signal?.aborted) reject(new Problem('session-visitor-left'));
        else resolve(waiter?.read);
      };
      const timer = setTimeout(settle, milliseconds);
      if (waiter !== undefined) waiter.wake = settle;
      signal?.addEventListener('abort', settle);
      if (waiter?.read !== undefined || signal?.aborted) settle();
    });
  }
}
