// The id that a request carries, and what it turns out to be: the rows of the identity table (contract section 7). Over the
// memory store nothing here is a promise unless somebody else holds the session.

import type { SessionNeed } from '../runtime/names.ts';
import { presentedId } from './cookie.ts';
import { type HeldTurn, takeTurn } from './held-turn.ts';
import { isFresh, issuedAt, keyOf } from './id.ts';
import { freshMs, isJustRetired, isTooOld } from './lifetime.ts';
import { pin, unpin } from './pin.ts';
import { dropExpired, emptyRecord, type SessionRecord } from './record.ts';
import type { SessionState } from './state.ts';
import type { Found, MaybePromise } from './store.ts';
import { claimOf, release } from './turn-end.ts';

/** Finds what stands under the id that the request carries; with its turn, if the page may write. */
export function loadPresented(state: SessionState, need: SessionNeed): MaybePromise<void> {
  const { site, request } = state;
  const presented = presentedId(request.cookie, site.config.session.cookie.name);
  if (presented === undefined || presented === '') {
    state.identity = presented === undefined ? 'none' : 'unknown';
    return undefined;
  }
  const key = keyOf(presented);
  state.present(presented, key);
  if (need === 'read') return look(state, presented, key);
  const held = takeTurn(site, key, claimOf(state, mayBegin(state, presented)));
  if (held instanceof Promise) return holdLater(state, presented, held);
  return holdTurn(state, presented, held);
}

/** While it waits for the turn its session is not evicted either. */
function holdLater(state: SessionState, id: string, taking: Promise<HeldTurn>): Promise<void> {
  pin(state, true);
  return taking.then(
    (turn) => holdTurn(state, id, turn),
    (error) => {
      unpin(state);
      throw error;
    },
  );
}

/** Stores of text save a trip for an id that is not fresh; memory needs no answer, which costs a MAC. */
function mayBegin({ site }: SessionState, id: string): boolean {
  const { store, now, config } = site;
  return store.keeps === 'values' || isFresh(id, now(), store.secret, freshMs(config.session));
}

function look(state: SessionState, id: string, key: string): MaybePromise<void> {
  const found = state.site.store.read(key);
  if (found instanceof Promise) return found.then((entry) => recognise(state, id, entry));
  return recognise(state, id, found);
}

function holdTurn(state: SessionState, id: string, held: HeldTurn): MaybePromise<void> {
  state.held = held;
  recognise(state, id, held.found);
  if (state.identity === 'live' || state.identity === 'fresh') return undefined;
  return release(state);
}

function recognise(state: SessionState, id: string, found: Found<SessionRecord>): void {
  const { site } = state;
  const now = site.now();
  if (found.state === 'live' && !isTooOld(now, found.content, site.config.session)) {
    dropExpired(found.content, now);
    state.identity = 'live';
    state.record = found.content;
    state.deadline = found.deadline;
    state.stored = true;
    pin(state, true);
    return;
  }
  state.stored = false;
  state.record = emptyRecord(now);
  if (found.state === 'retired' && isRetiredFor(state, found.since, now)) {
    state.identity = 'retired';
  } else if (found.state === 'absent' && isFreshHere(state, id, now)) {
    state.identity = 'fresh';
    state.record.cookie_sent = issuedAt(id);
  } else {
    state.identity = 'unknown';
    state.present(undefined, undefined);
  }
}

/** A request that began before the end is one from before, however long it took until now. */
function isRetiredFor({ request }: SessionState, since: number | undefined, now: number): boolean {
  if (isJustRetired(now, since)) return true;
  return since !== undefined && request.began !== undefined && request.began <= since;
}

function isFreshHere({ site }: SessionState, id: string, now: number): boolean {
  const { store, carried, config } = site;
  return carried?.refused !== true && isFresh(id, now, store.secret, freshMs(config.session));
}
