// A store of text seen as a store of records: encodes what is written, decodes what is read, writes nothing that did not
// change, and puts into quarantine what cannot be read.

import { Problem } from '../../diagnostics/problem.ts';
import type { LockQueues } from '../lock/lock-queues.ts';
import { acquireLock } from '../lock/session-lock.ts';
import type {
  Change,
  EntryState,
  ListedEntry,
  LockRequest,
  MaybePromise,
  Outcome,
  SessionStore,
  StoreLock,
} from '../session-store.ts';
import type { SessionsEnvironment } from '../session-types.ts';
import { parsedRecord, serializedRecord } from './serialized-record.ts';
import type { SessionRecord } from './session-record.ts';

/** What is still there after so many would be there for ever. */
const SET_ASIDE_TRIES = 3;

const ABSENT: EntryState<SessionRecord> = { state: 'absent' };

/** What it is made of. */
interface EncodedStoreParts {
  readonly texts: SessionStore<string>;
  /** The queues in front of it. */
  readonly queues: LockQueues;
  readonly log: SessionsEnvironment['log'];
}

/** Keeps records in a store of text. */
export class SerializedStore implements Required<SessionStore<SessionRecord>> {
  readonly #texts: SessionStore<string>;
  readonly #queues: LockQueues;
  readonly #log: SessionsEnvironment['log'];

  constructor({ texts, queues, log }: EncodedStoreParts) {
    this.#texts = texts;
    this.#queues = queues;
    this.#log = log;
  }

  async acquire(key: string, request: LockRequest): Promise<StoreLock<SessionRecord>> {
    for (let tries = 0; tries < SET_ASIDE_TRIES; tries++) {
      const lock = await this.#texts.acquire(key, request);
      const found = decoded(lock.entry);
      if (found !== undefined) return new EncodedLock(lock, found);
      await this.#quarantine(key, lock);
    }
    throw new Problem('session-unreadable', { params: { key } });
  }

  async read(key: string): Promise<EntryState<SessionRecord>> {
    return decoded(await this.#texts.read(key)) ?? this.#foundInTurn(key);
  }

  create(key: string, record: SessionRecord, deadline: number): MaybePromise<void> {
    return this.#texts.create(key, serializedRecord(record), deadline);
  }

  async *list(beginning?: string): AsyncGenerator<ListedEntry<SessionRecord>> {
    for await (const entry of this.#texts.list(beginning)) {
      const { content } = entry;
      yield { ...entry, content: content === undefined ? undefined : parsedRecord(content) };
    }
  }

  get lock(): SessionStore<string>['lock'] {
    return this.#texts.lock;
  }

  get serialized(): SessionStore<string>['serialized'] {
    return this.#texts.serialized;
  }

  get secret(): Uint8Array {
    return this.#texts.secret;
  }

  get sweepSteps(): number {
    return this.#texts.sweepSteps;
  }

  get sweepLimit(): number | undefined {
    return this.#texts.sweepLimit;
  }

  get removesExpired(): boolean | undefined {
    return this.#texts.removesExpired;
  }

  touch(key: string, deadline: number, from: number): MaybePromise<boolean> {
    return this.#texts.touch(key, deadline, from);
  }

  size(): MaybePromise<number | undefined> {
    return this.#texts.size?.();
  }

  acquireSweepLock(): MaybePromise<boolean> {
    return this.#texts.acquireSweepLock?.() ?? true;
  }

  sweep(step: number, signal?: AbortSignal): MaybePromise<number> {
    return this.#texts.sweep(step, signal);
  }

  close(): MaybePromise<void> {
    return this.#texts.close();
  }

  /** What cannot be read is put into quarantine under its lock. Nobody waits for that: who has the lock may write it anew. */
  async #foundInTurn(key: string): Promise<EntryState<SessionRecord>> {
    const request = { page: 'a reader of a damaged session', timeoutSeconds: 0, mayCreate: false };
    try {
      const held = await acquireLock({ store: this, queues: this.#queues }, key, request);
      await held.release({ kind: 'keep' });
      return held.found;
    } catch (error) {
      if (error instanceof Problem && error.code === 'session-locked') return ABSENT;
      throw error;
    }
  }

  async #quarantine(key: string, lock: StoreLock<string>): Promise<void> {
    this.#log(
      'error',
      `the stored session ${key.slice(0, 12)} cannot be read; it is set aside and the visitor starts anew`,
    );
    await lock.release({ kind: 'quarantine' });
  }
}

class EncodedLock implements StoreLock<SessionRecord> {
  readonly entry: EntryState<SessionRecord>;
  readonly #lock: StoreLock<string>;

  constructor(lock: StoreLock<string>, found: EntryState<SessionRecord>) {
    this.#lock = lock;
    this.entry = found;
  }

  async release(change: Change<SessionRecord>): Promise<Outcome> {
    let inner: Change<string>;
    try {
      inner = encodedChange(change, this.#lock.entry);
    } catch (error) {
      await this.#lock.release({ kind: 'keep' });
      throw error;
    }
    const outcome = await this.#lock.release(inner);
    // Nobody misses a deadline that was to move on a session that ended meanwhile.
    return inner.kind === 'touch' && outcome === 'gone' ? 'done' : outcome;
  }
}

/** undefined: there is something, but it cannot be read. */
function decoded(found: EntryState<string>): EntryState<SessionRecord> | undefined {
  if (found.state !== 'live') return found;
  const content = parsedRecord(found.content);
  return content && { state: 'live', content, deadline: found.deadline };
}

function encodedChange(change: Change<SessionRecord>, found: EntryState<string>): Change<string> {
  if (change.kind !== 'write' && change.kind !== 'create' && change.kind !== 'move') return change;
  const content = serializedRecord(change.content);
  if (change.kind !== 'write' || found.state !== 'live' || content !== found.content)
    return { ...change, content };
  return change.deadline === found.deadline ? { kind: 'keep' } : { kind: 'touch', deadline: change.deadline };
}
