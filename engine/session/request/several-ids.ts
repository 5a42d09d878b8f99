// A request may carry several cookies of the session's name: an older path or domain, a sibling subdomain. The first that is
// live counts, else the first that is fresh (contract section 7). All are looked up at once, before any lock is taken.

import type { SessionRecord } from '../format/session-record.ts';
import type { EntryState, MaybePromise } from '../session-store.ts';
import { identityOf } from './identity.ts';
import { sessionKey } from './session-id.ts';
import type { Identity, SessionState } from './session-state.ts';

/** In the order in which they count. */
const IDENTITIES: readonly Identity[] = ['live', 'fresh', 'retired', 'unknown'];
const LIVE = IDENTITIES.indexOf('live');

/** The id that counts. The others that are live are noted, since a logout ends them too. */
export function chosenAmong(state: SessionState, ids: readonly string[]): MaybePromise<string> {
  const reads = ids.map((id) => state.site.store.read(sessionKey(id)));
  if (reads.every(isThere)) return chosen(state, ids, reads);
  return Promise.all(reads).then((found) => chosen(state, ids, found));
}

function isThere<T>(value: MaybePromise<T>): value is T {
  return !(value instanceof Promise);
}

function chosen(
  state: SessionState,
  ids: readonly string[],
  found: readonly EntryState<SessionRecord>[],
): string {
  const candidates = ids.map((id, index) => {
    const identity = identityOf(state, id, found[index] ?? { state: 'absent' });
    return { id, rank: IDENTITIES.indexOf(identity) };
  });
  const best = candidates.reduce((one, other) => (other.rank < one.rank ? other : one));
  state.othersLive = candidates.filter(({ id, rank }) => rank === LIVE && id !== best.id).map(({ id }) => id);
  return best.id;
}
