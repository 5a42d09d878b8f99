// What an id turns out to be by what the store has under it: the rows of the identity table (contract section 7).

import type { SessionRecord } from '../format/session-record.ts';
import type { SessionContext } from '../session-context.ts';
import type { EntryState } from '../session-store.ts';
import { freshMs, isJustRetired, isTooOld } from './lifetime.ts';
import { isFresh, sessionKey } from './session-id.ts';
import type { Identity, SessionState } from './session-state.ts';

/** The row of an id that a request presents. */
export function identityOf(
  state: SessionState,
  id: string,
  found: EntryState<SessionRecord>,
): Exclude<Identity, 'none'> {
  const { site } = state;
  switch (found.state) {
    case 'live':
      return isTooOld(site.now(), found.content, site.config.session) ? 'unknown' : 'live';
    case 'retired':
      return isRetiredFor(state, found.since) ? 'retired' : 'unknown';
    case 'removed':
      return 'unknown';
    case 'absent':
      return site.clientStore?.refuses(sessionKey(id)) !== true && isIssuedLately(site, id)
        ? 'fresh'
        : 'unknown';
  }
}

/** Whether an id was issued here so lately that its session may only be about to begin. */
export function isIssuedLately({ store, now, config }: SessionContext, id: string): boolean {
  return isFresh(id, now(), store.secret, freshMs(config.session));
}

/** A request that began before the end is one from before, however long it took until now. */
function isRetiredFor({ request, site }: SessionState, since: number | undefined): boolean {
  if (isJustRetired(site.now(), since)) return true;
  return since !== undefined && request.arrived !== undefined && request.arrived <= since;
}
