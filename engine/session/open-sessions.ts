// All sessions of one server: opens the configured store, makes the sessions of requests, sweeps in the background.

import { SerializedStore } from './format/serialized-store.ts';
import type { SessionRecord } from './format/session-record.ts';
import { LockQueues } from './lock/lock-queues.ts';
import type { FormEntries } from './once/form-arrival.ts';
import { type FormEntriesParts, StoredFormEntries } from './once/stored-forms.ts';
import { formsRefusal } from './once/stores-without-forms.ts';
import { SessionHandle } from './request/session-handle.ts';
import type { SessionContext } from './session-context.ts';
import type { EvictingStore, SessionStore } from './session-store.ts';
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

/** The forms that the memory store keeps, beside its sessions. */
const FORMS_IN_MEMORY = 10_000;

/**
 * Opens the sessions of a server, without a promise for the memory store.
 * @throws Problem if the store cannot be opened. A store that is unavailable opens, with a warning.
 */
export function openSessions(
  config: SessionsConfig,
  environment: SessionsEnvironment,
): Sessions | Promise<Sessions> {
  const { persistent_session: persistent } = config;
  if (persistent !== false)
    return openPersistent(config, environment, persistent === true ? { store: 'json' } : persistent);
  const { now = Date.now } = environment;
  const store = new MemoryStore<SessionRecord>(config.max_sessions, now);
  const parts = { store, base: store, queues: new LockQueues(now), openClientStore: undefined };
  const forms = new MemoryStore<string>(FORMS_IN_MEMORY, now);
  return new ServerSessions(contextOf(config, environment, parts), { base: store, forms });
}

async function openPersistent(
  config: SessionsConfig,
  environment: SessionsEnvironment,
  options: Exclude<SessionsConfig['persistent_session'], boolean>,
): Promise<Sessions> {
  const { store: base, description, openClientStore } = await openStore(options, environment);
  const { now = Date.now, log } = environment;
  const queues = new LockQueues(now);
  const store = new SerializedStore({ texts: base, queues, log });
  const context = contextOf(config, environment, { store, base, queues, openClientStore });
  const forms = base.lock === 'store' ? base : undefined;
  return new ServerSessions(context, { base, forms, description });
}

function contextOf(
  config: SessionsConfig,
  { now = Date.now, log }: SessionsEnvironment,
  parts: Pick<SessionContext, 'store' | 'base' | 'queues' | 'openClientStore'>,
): SessionContext {
  return { config, ...parts, now, log, warned: new Set(), clientStore: undefined };
}

interface OpenedStores {
  readonly base: SessionStore<unknown> & Partial<EvictingStore>;
  /** The store of forms; undefined: there is none, because the locks of the store do not reach other processes. */
  readonly forms: FormEntriesParts['store'] | undefined;
  /** undefined: the memory store. */
  readonly description?: string;
}

class ServerSessions implements Sessions {
  readonly administration: SessionAdministration;
  readonly forms: FormEntries | undefined;
  readonly #context: SessionContext;
  readonly #base: SessionStore<unknown> & Partial<EvictingStore>;
  readonly #description: string | undefined;
  readonly #sweeper: Sweeper;

  constructor(context: SessionContext, { base, forms, description }: OpenedStores) {
    const { queues, now } = context;
    const lockTimeout = () => context.config.session.lock_timeout;
    this.forms = forms && new StoredFormEntries({ store: forms, queues, now, lockTimeout });
    this.#context = context;
    this.#base = base;
    this.#description = description;
    this.administration = administrationOf(context);
    this.#sweeper = new Sweeper(base, context.log);
  }

  get description(): string {
    return this.#description ?? `memory (at most ${this.#context.config.max_sessions})`;
  }

  get forms_refusal(): string | undefined {
    if (this.forms !== undefined) return undefined;
    const known = formsRefusal(this.#context.config.persistent_session);
    return known ?? `its locks do not reach other processes (${this.description})`;
  }

  request(request: SessionRequest): RequestSession {
    return new SessionHandle(this.#context, request);
  }

  configure(config: SessionsConfig): void {
    this.#context.config = config;
    this.#base.setMaxEntries?.(config.max_sessions);
  }

  async close(): Promise<void> {
    const swept = this.#sweeper.stop();
    await this.#context.queues.idle(this.#context.config.session.lock_timeout);
    await swept;
    await this.#base.close();
  }
}
