// What all requests of one server share: settings, store, queues, clock.

import type { CarriedStore, Carrier } from './cookies/carrier.ts';
import { EncodedStore } from './format/encoded.ts';
import type { SessionRecord } from './format/record.ts';
import { LockQueues } from './lock/queues.ts';
import type { EvictingStore, SessionStore } from './store.ts';
import type { SessionRequest, SessionsConfig, SessionsEnvironment } from './types.ts';

/** The store of all sessions. The one that evicts is memory, and nothing stands in front of it. */
export type SiteStore = SessionStore<SessionRecord> & Partial<EvictingStore>;

/** The state that belongs to the server, not to a request. */
export interface SessionSite {
  config: SessionsConfig;
  readonly store: SiteStore;
  readonly queues: LockQueues;
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
  const queues = new LockQueues(site.now);
  return { ...site, carried, store: new EncodedStore({ texts: carried, queues, log: site.log }), queues };
}
