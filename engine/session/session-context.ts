// The objects that the requests of one server share: settings, store, queues, clock and log.

import type { SessionRecord } from './format/session-record.ts';
import type { LockQueues } from './lock/lock-queues.ts';
import type { ClientStore, EvictingStore, OpenClientStore, SessionStore } from './session-store.ts';
import type { SessionsConfig, SessionsEnvironment } from './session-types.ts';

/** The members of a store that requests use. Only the memory store evicts, and it has no decorator in front of it. */
export type RecordStore = Pick<
  SessionStore<SessionRecord>,
  'serialized' | 'secret' | 'acquire' | 'read' | 'touch' | 'create' | 'list'
> &
  Partial<Pick<EvictingStore, 'pin' | 'unpin'>>;

/** The state that belongs to the server. A request gets a copy with a store of its own if sessions are kept in cookies. */
export interface SessionContext {
  config: SessionsConfig;
  readonly store: RecordStore;
  /** The members of the same store that the upkeep uses: sweep, size. */
  readonly base: Pick<SessionStore<unknown>, 'sweep' | 'sweepSteps' | 'sweepLimit' | 'size'>;
  readonly queues: LockQueues;
  readonly now: () => number;
  readonly log: SessionsEnvironment['log'];
  /** Warnings that were logged, by setting or path, so that each is logged once. */
  readonly warned: Set<string>;
  /** undefined: sessions are kept on the server. */
  readonly openClientStore: OpenClientStore | undefined;
  /** The store of this request, if sessions are kept in cookies. */
  readonly clientStore: ClientStore | undefined;
}
