// The way to a turn: first the queue of this process, then the store.

import { isAway } from './away.ts';
import type { SessionRecord } from './record.ts';
import type { Change, Claim, Found, MaybePromise, Outcome, SessionStore, StoreTurn } from './store.ts';
import type { Place, Turns } from './turns.ts';

/** A store, and the queues in front of it. */
interface QueuedStore {
  readonly store: SessionStore<SessionRecord>;
  readonly turns: Turns;
}

/** A turn that was won: in the queue and in the store. */
export class HeldTurn {
  readonly #place: Place;
  readonly #turn: StoreTurn<SessionRecord>;

  constructor(place: Place, turn: StoreTurn<SessionRecord>) {
    this.#place = place;
    this.#turn = turn;
  }

  get found(): Found<SessionRecord> {
    return this.#turn.found;
  }

  /** Makes the change and ends the turn, whatever happens. */
  commit(change: Change<SessionRecord>): MaybePromise<Outcome> {
    let outcome: MaybePromise<Outcome>;
    try {
      outcome = this.#turn.commit(change);
    } catch (error) {
      return failed(this.#place, error);
    }
    if (outcome instanceof Promise) return this.#ended(outcome);
    this.#place.release();
    return outcome;
  }

  async #ended(outcome: Promise<Outcome>): Promise<Outcome> {
    const result = await outcome.catch((error: unknown) => failed(this.#place, error));
    this.#place.release();
    return result;
  }
}

/** Takes the turn of a key; at once where nobody holds it and the store needs no time. */
export function takeTurn(site: QueuedStore, key: string, claim: Claim): MaybePromise<HeldTurn> {
  const place = site.turns.take(key, claim);
  if (!(place instanceof Promise)) return takeFromStore(site, key, claim, place);
  const began = performance.now();
  return place.then((granted) => {
    const waited = (performance.now() - began) / 1000;
    const { page, patience, signal, begins = true } = claim;
    return takeFromStore(site, key, { page, patience, signal, waited, begins }, granted);
  });
}

function takeFromStore(site: QueuedStore, key: string, claim: Claim, place: Place): MaybePromise<HeldTurn> {
  try {
    const turn = site.store.take(key, claim);
    if (!(turn instanceof Promise)) return new HeldTurn(place, turn);
    return turn.then((taken) => new HeldTurn(place, taken)).catch((error: unknown) => failed(place, error));
  } catch (error) {
    return failed(place, error);
  }
}

function failed(place: Place, error: unknown): never {
  if (isAway(error)) place.fail(error);
  else place.release();
  throw error;
}
