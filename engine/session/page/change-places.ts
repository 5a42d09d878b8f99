// Where in its code a page has changed its session, for errors that appear only when the session is written. With `debug` the
// place of every attribute is kept. Without it only that of s.cookie, because taking a stack costs more than an assignment.

import { CallPlace, placedAt } from '../../diagnostics/call-place.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { orRecover } from '../maybe-promise.ts';
import type { MaybePromise } from '../session-store.ts';

/** The places of one session. */
export class ChangePlaces {
  readonly #places = new Map<string, CallPlace>();

  /** Notes an assignment; it replaces an earlier place. */
  assigned(name: string): void {
    this.#places.set(name, new CallPlace());
  }

  /** Notes a reading, because the value may be changed deep inside (`s.cart.push(item)`). An earlier place stays. */
  read(name: string): void {
    if (!this.#places.has(name)) this.#places.set(name, new CallPlace());
  }

  /** The error; a problem whose value is a path of the session (`s.cart.items[2]`) gets the place of its attribute. */
  withPlace(error: unknown): unknown {
    if (!(error instanceof Problem) || typeof error.value !== 'string') return error;
    return placedAt(error, this.#placeFor(error.value));
  }

  #placeFor(path: string): CallPlace | undefined {
    for (const [name, place] of this.#places) {
      if (path.startsWith(`s.${name}`) && /^(?:$|[.[])/.test(path.slice(name.length + 2))) return place;
    }
    return undefined;
  }
}

/** Writes a session; the errors get their places. */
export function withPlaces<T>(
  places: ChangePlaces | undefined,
  write: () => MaybePromise<T>,
): MaybePromise<T> {
  if (places === undefined) return write();
  return orRecover(write, (error) => {
    throw places.withPlace(error);
  });
}
