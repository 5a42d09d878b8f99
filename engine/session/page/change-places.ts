// Where a page has changed its session, for errors that show only when the session is written. Under debug every attribute
// has a place; else only s.cookie, which pages seldom touch, because a stack costs more than an assignment.

import { CallPlace, placedAt } from '../../diagnostics/call-place.ts';
import { Problem } from '../../diagnostics/problem.ts';
import type { MaybePromise } from '../session-store.ts';

/** The places of one request. */
export class ChangePlaces {
  readonly #places = new Map<string, CallPlace>();

  /** An assignment says more than a reading, and a later one more than an earlier one. */
  assigned(name: string): void {
    this.#places.set(name, new CallPlace());
  }

  /** What is read may be changed deep inside: `s.cart.push(item)`. */
  read(name: string): void {
    if (!this.#places.has(name)) this.#places.set(name, new CallPlace());
  }

  /** Gives a problem that names a path of the session (`s.cart.items[2]`) the place of its attribute. */
  placed(error: unknown): unknown {
    if (!(error instanceof Problem) || typeof error.value !== 'string') return error;
    return placedAt(error, this.#of(error.value));
  }

  #of(path: string): CallPlace | undefined {
    const name = [...this.#places.keys()].find((key) => path === `s.${key}` || /^[.[]/.test(rest(path, key)));
    return name === undefined ? undefined : this.#places.get(name);
  }
}

function rest(path: string, key: string): string {
  return path.startsWith(`s.${key}`) ? path.slice(key.length + 2) : '';
}

/** Runs what writes a session. */
export function inItsPlace<T>(
  places: ChangePlaces | undefined,
  write: () => MaybePromise<T>,
): MaybePromise<T> {
  if (places === undefined) return write();
  try {
    const written = write();
    if (!(written instanceof Promise)) return written;
    return written.catch((error) => {
      throw places.placed(error);
    });
  } catch (error) {
    throw places.placed(error);
  }
}
