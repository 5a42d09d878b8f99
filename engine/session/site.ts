// What all requests of one server share: settings, store, queues, clock. And the way to a turn: first the queue of
// this process, then the store.

import { isAway } from './away.ts';
import type { CarriedStore, Carrier } from './carrier.ts';
import { EncodedStore } from './encoded.ts';
import type { SessionRequest, SessionsConfig, SessionsEnvironment } from './face.ts';
import type { SessionRecord } from './record.ts';
import type {
  Change,
  Claim,
  EvictingStore,
  Found,
  MaybePromise,
  Outcome,
  SessionStore,
  StoreTurn,
} from './store.ts';
import { type Place, Turns } from './turns.ts';

/** The store of all sessions. The one that evicts is memory, and nothing stands in front of it. */
export type SiteStore = SessionStore<SessionRecord> & Partial<EvictingStore>;

/** The state that belongs to the server, not to a request. */
export interface SessionSite {
  config: SessionsConfig;
  readonly store: SiteStore;
  readonly turns: Turns;
  readonly now: () => number;
  readonly log: SessionsEnvironment['log'];
  /** Paths of attributes that were warned of already, since another store could not keep them. */
  readonly warned: Set<string>;
  /** Makes the store of each request, when sessions are kept by the visitors. */
  readonly carrier: Carrier | undefined;
  /** The store that this request brought, when sessions are kept by the visitors. */
  readonly carried: CarriedStore | undefined;
}

/** The site as a request sees it: what the visitor brought belongs to this request alone, and nobody queues for it. */
export function siteFor(site: SessionSite, request: SessionRequest): SessionSite {
  if (site.carrier === undefined) return site;
  const carried = site.carrier.forRequest(request.cookie, site.config.session.cookie.name);
  return { ...site, carried, store: new EncodedStore(carried, site.log), turns: new Turns(site.now) };
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
export function takeTurn(site: SessionSite, key: string, claim: Claim): MaybePromise<HeldTurn> {
  const place = site.turns.take(key, claim);
  if (!(place instanceof Promise)) return takeFromStore(site, key, claim, place);
  const began = performance.now();
  return place.then((granted) => {
    const waited = (performance.now() - began) / 1000;
    const { page, patience, signal, begins = true } = claim;
    return takeFromStore(site, key, { page, patience, signal, waited, begins }, granted);
  });
}

function takeFromStore(site: SessionSite, key: string, claim: Claim, place: Place): MaybePromise<HeldTurn> {
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
