// What all requests of one server share: settings, store, queues, clock.

import { SerializedStore } from './format/serialized-store.ts';
import type { SessionRecord } from './format/session-record.ts';
import { LockQueues } from './lock/lock-queues.ts';
import type { ClientStore, EvictingStore, OpenClientStore, SessionStore } from './session-store.ts';
import type { SessionRequest, SessionsConfig, SessionsEnvironment } from './session-types.ts';

/** The store of all sessions. The one that evicts is memory, and nothing stands in front of it. */
export type RecordStore = SessionStore<SessionRecord> & Partial<EvictingStore>;

/** The state that belongs to the server, not to a request. */
export interface SessionContext {
  config: SessionsConfig;
  readonly store: RecordStore;
  readonly queues: LockQueues;
  readonly now: () => number;
  readonly log: SessionsEnvironment['log'];
  /** Paths of attributes that were warned of already, since another store could not keep them. */
  readonly warned: Set<string>;
  /** Makes the store of each request, when sessions are kept by the visitors. */
  readonly openClientStore: OpenClientStore | undefined;
  /** The store that this request brought, when sessions are kept by the visitors. */
  readonly clientStore: ClientStore | undefined;
}

/** The site as a request sees it: what the visitor brought belongs to this request alone, and nobody queues for it. */
export function contextForRequest(site: SessionContext, request: SessionRequest): SessionContext {
  if (site.openClientStore === undefined) return site;
  const carried = site.openClientStore(request.cookie, site.config.session.cookie.name);
  const queues = new LockQueues(site.now);
  return {
    ...site,
    clientStore: carried,
    store: new SerializedStore({ texts: carried, queues, log: site.log }),
    queues,
  };
}
