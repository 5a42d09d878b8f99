// All the sessions of one server: opens the configured store, makes the sessions of requests, sweeps in the background.

import { administrationOf } from './administration.ts';
import { EncodedStore } from './encoded.ts';
import type {
  RequestSession,
  SessionAdministration,
  SessionRequest,
  Sessions,
  SessionsConfig,
  SessionsEnvironment,
} from './face.ts';
import type { SessionRecord } from './record.ts';
import { SessionOfRequest } from './request.ts';
import type { SessionSite } from './site.ts';
import type { SessionStore } from './store.ts';
import { openStore } from './stores/catalogue.ts';
import { MemoryStore } from './stores/memory.ts';
import { Turns } from './turns.ts';

/** Between two steps of the sweep: a folder of sessions, or the sessions of this process. */
const SWEEP_MS = 5000;

/** Opens the sessions of a server; at once for the memory store. Throws a Problem when the store is not to be had. */
export function openSessions(
  config: SessionsConfig,
  environment: SessionsEnvironment,
): Sessions | Promise<Sessions> {
  const { persistent_session: persistent } = config;
  if (persistent === false) {
    const store = new MemoryStore<SessionRecord>(config.max_sessions, environment.now ?? Date.now);
    return new SiteSessions(config, environment, store, undefined);
  }
  return openPersistent(config, environment, persistent === true ? { store: 'json' } : persistent);
}

async function openPersistent(
  config: SessionsConfig,
  environment: SessionsEnvironment,
  options: Exclude<SessionsConfig['persistent_session'], boolean>,
): Promise<Sessions> {
  const { store, description } = await openStore(options, environment);
  return new SiteSessions(config, environment, new EncodedStore(store, environment.log), description);
}

class SiteSessions implements Sessions {
  readonly administration: SessionAdministration;
  readonly #site: SessionSite;
  readonly #description: string | undefined;
  readonly #sweeper: NodeJS.Timeout;
  #step = 0;

  constructor(
    config: SessionsConfig,
    environment: SessionsEnvironment,
    store: SessionStore<SessionRecord>,
    description: string | undefined,
  ) {
    const now = environment.now ?? Date.now;
    this.#site = { config, store, turns: new Turns(now), now, log: environment.log, warned: new Set() };
    this.#description = description;
    this.administration = administrationOf(this.#site);
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS).unref();
  }

  get description(): string {
    return this.#description ?? `memory (at most ${this.#site.config.max_sessions})`;
  }

  request(request: SessionRequest): RequestSession {
    return new SessionOfRequest(this.#site, request);
  }

  configure(config: SessionsConfig): void {
    this.#site.config = config;
    this.#site.store.limit?.(config.max_sessions);
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    await this.#site.turns.idle(this.#site.config.session.lock_timeout);
    await this.#site.store.close();
  }

  async #sweep(): Promise<void> {
    const { store, log } = this.#site;
    const step = this.#step;
    this.#step = (step + 1) % store.sweepSteps;
    try {
      await store.sweep(step);
    } catch (error) {
      log('warn', 'sessions that are over could not be removed', error);
    }
  }
}
