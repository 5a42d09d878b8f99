// All the sessions of one server: opens the configured store, makes the sessions of requests, sweeps in the background.

import { SerializedStore } from './format/serialized-store.ts';
import type { SessionRecord } from './format/session-record.ts';
import { LockQueues } from './lock/lock-queues.ts';
import { SessionHandle } from './request/session-handle.ts';
import type { RecordStore, SessionContext } from './session-context.ts';
import type { OpenClientStore } from './session-store.ts';
import type {
  RequestSession,
  SessionAdministration,
  SessionRequest,
  Sessions,
  SessionsConfig,
  SessionsEnvironment,
} from './session-types.ts';
import { MemoryStore } from './stores/memory/memory-store.ts';
import { openStore } from './stores/store-catalogue.ts';
import { administrationOf } from './upkeep/administration.ts';
import { Sweeper } from './upkeep/sweeper.ts';

/** Opens the sessions of a server; at once for the memory store. Throws a Problem when the store is not to be had. */
export function openSessions(
  config: SessionsConfig,
  environment: SessionsEnvironment,
): Sessions | Promise<Sessions> {
  const { persistent_session: persistent } = config;
  if (persistent === false) {
    const store = new MemoryStore<SessionRecord>(config.max_sessions, environment.now ?? Date.now);
    return new SiteSessions(config, environment, { store, queues: queuesIn(environment) });
  }
  return openPersistent(config, environment, persistent === true ? { store: 'json' } : persistent);
}

async function openPersistent(
  config: SessionsConfig,
  environment: SessionsEnvironment,
  options: Exclude<SessionsConfig['persistent_session'], boolean>,
): Promise<Sessions> {
  const { store, description, openClientStore: carrier } = await openStore(options, environment);
  const queues = queuesIn(environment);
  const encoded = new SerializedStore({ texts: store, queues, log: environment.log });
  return new SiteSessions(config, environment, { store: encoded, queues, description, carrier });
}

function queuesIn({ now = Date.now }: SessionsEnvironment): LockQueues {
  return new LockQueues(now);
}

/** What sessions are kept in. */
interface SiteSessionsParts {
  readonly store: RecordStore;
  readonly queues: LockQueues;
  readonly description?: string;
  readonly carrier?: OpenClientStore | undefined;
}

class SiteSessions implements Sessions {
  readonly administration: SessionAdministration;
  readonly #site: SessionContext;
  readonly #description: string | undefined;
  readonly #sweeper: Sweeper;

  constructor(
    config: SessionsConfig,
    environment: SessionsEnvironment,
    { store, queues, description, carrier }: SiteSessionsParts,
  ) {
    const { now = Date.now, log } = environment;
    const warned = new Set<string>();
    this.#site = {
      config,
      store,
      queues,
      now,
      log,
      warned,
      openClientStore: carrier,
      clientStore: undefined,
    };
    this.#description = description;
    this.administration = administrationOf(this.#site);
    this.#sweeper = new Sweeper(store, environment.log);
  }

  get description(): string {
    return this.#description ?? `memory (at most ${this.#site.config.max_sessions})`;
  }

  request(request: SessionRequest): RequestSession {
    return new SessionHandle(this.#site, request);
  }

  configure(config: SessionsConfig): void {
    this.#site.config = config;
    this.#site.store.setMaxEntries?.(config.max_sessions);
  }

  async close(): Promise<void> {
    const swept = this.#sweeper.stop();
    await this.#site.queues.idle(this.#site.config.session.lock_timeout);
    await swept;
    await this.#site.store.close();
  }
}
