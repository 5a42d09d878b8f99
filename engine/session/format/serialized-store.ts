// A decorator in front of stores of texts: it serializes records that are written and parses texts that are read. It writes no
// text that has not changed, and puts texts that cannot be read into quarantine.

import { Problem } from '../../diagnostics/problem.ts';
import { type KeptForm, keptFormIn } from '../../forms/kept-form.ts';
import { checkCookieSetting } from '../cookies/session-cookie.ts';
import type { LockQueues } from '../lock/lock-queues.ts';
import { acquireLock } from '../lock/session-lock.ts';
import type { RecordStore } from '../session-context.ts';
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
import { ValueDecoder } from './codec/decode-values.ts';
import { encodeAttributes } from './codec/encode-values.ts';
import { SessionBudget } from './codec/session-budget.ts';
import type { Attributes, CookieSettings, SessionRecord } from './session-record.ts';

/** Tries to put a text into quarantine before it counts as stuck. */
const QUARANTINE_TRIES = 3;

/** The version of the format; a higher one when older programs cannot read it. */
const VERSION = 1;

/** Text around the attributes, for the budget. */
const FRAME = ',"flash":{},"data":{}}\n';

interface SerializedStoreParts {
  readonly texts: SessionStore<string>;
  /** The queues in front of the store. */
  readonly queues: LockQueues;
  readonly log: SessionsEnvironment['log'];
}

/** A store of records over a store of texts. */
export class SerializedStore implements RecordStore {
  readonly serialized = true;
  readonly #parts: SerializedStoreParts;

  constructor(parts: SerializedStoreParts) {
    this.#parts = parts;
  }

  get secret(): Uint8Array {
    return this.#parts.texts.secret;
  }

  async acquire(key: string, request: LockRequest): Promise<StoreLock<SessionRecord>> {
    for (let tries = 0; tries < QUARANTINE_TRIES; tries++) {
      const lock = await this.#parts.texts.acquire(key, request);
      const entry = parsedEntry(lock.entry);
      if (entry !== undefined) return { entry, release: (change) => releaseText(lock, change) };
      this.#parts.log(
        'error',
        `the stored session ${key.slice(0, 12)} cannot be read; it is put into quarantine, and its visitor begins a new session`,
      );
      await lock.release({ kind: 'quarantine' });
    }
    throw new Problem('session-unreadable', { params: { key } });
  }

  async read(key: string): Promise<EntryState<SessionRecord>> {
    return parsedEntry(await this.#parts.texts.read(key)) ?? this.#quarantined(key);
  }

  touch(key: string, deadline: number, from: number): MaybePromise<boolean> {
    return this.#parts.texts.touch(key, deadline, from);
  }

  create(key: string, record: SessionRecord, deadline: number): MaybePromise<void> {
    return this.#parts.texts.create(key, serializedRecord(record), deadline);
  }

  async *list(prefix?: string): AsyncGenerator<ListedEntry<SessionRecord>> {
    for await (const entry of this.#parts.texts.list(prefix)) {
      const { content } = entry;
      yield { ...entry, content: content === undefined ? undefined : parsedRecord(content) };
    }
  }

  /** Acquires the lock of an unreadable text, and so quarantines it. If another request holds the lock, that one does. */
  async #quarantined(key: string): Promise<EntryState<SessionRecord>> {
    const request = { page: 'a reader of a damaged session', timeoutSeconds: 0, mayCreate: false };
    const { queues } = this.#parts;
    try {
      const lock = await acquireLock({ store: this, queues }, key, request);
      await lock.release({ kind: 'keep' });
      return lock.entry;
    } catch (error) {
      if (error instanceof Problem && error.code === 'session-locked') return { state: 'absent' };
      throw error;
    }
  }
}

/** undefined: there is an entry, but it cannot be read. */
function parsedEntry(entry: EntryState<string>): EntryState<SessionRecord> | undefined {
  if (entry.state !== 'live') return entry;
  const content = parsedRecord(entry.content);
  return content && { state: 'live', content, deadline: entry.deadline };
}

async function releaseText(lock: StoreLock<string>, change: Change<SessionRecord>): Promise<Outcome> {
  let textChange: Change<string>;
  try {
    textChange = serializedChange(change, lock.entry);
  } catch (error) {
    await lock.release({ kind: 'keep' });
    throw error;
  }
  const outcome = await lock.release(textChange);
  // The session has ended meanwhile, but nothing of this request is lost with it.
  return textChange.kind === 'touch' && outcome === 'gone' ? 'done' : outcome;
}

function serializedChange(change: Change<SessionRecord>, entry: EntryState<string>): Change<string> {
  if (change.kind !== 'write' && change.kind !== 'create' && change.kind !== 'move') return change;
  const content = serializedRecord(change.content);
  if (change.kind !== 'write' || entry.state !== 'live' || content !== entry.content)
    return { ...change, content };
  return change.deadline === entry.deadline ? { kind: 'keep' } : { kind: 'touch', deadline: change.deadline };
}

/**
 * The text of a record: one readable JSON object.
 * @throws Problem that names the attribute which cannot be stored
 */
export function serializedRecord(record: SessionRecord): string {
  const { data, flash, timeouts } = record;
  const budget = new SessionBudget();
  const head = JSON.stringify({
    karrigell: VERSION,
    created: new Date(record.created).toISOString(),
    remember: record.remember || undefined,
    cookie: record.cookie,
    cookie_sent: record.cookie_sent || undefined,
    timeouts: Object.keys(timeouts).length > 0 ? timeouts : undefined,
  }).slice(0, -1);
  budget.take(head.length + FRAME.length);
  const flashText =
    Reflect.ownKeys(flash).length > 0 ? `,"flash":${encodeAttributes(flash, 'flash ', budget)}` : '';
  const dataText = encodeAttributes(data, 's.', budget);
  return `${head}${flashText},"data":${dataText}${formsText(record, budget)}}\n`;
}

/** The kept forms, as far as the attributes have left room for them: they are lost rather than an error of the page. */
function formsText({ forms }: SessionRecord, budget: SessionBudget): string {
  if (Object.keys(forms).length === 0) return '';
  try {
    return `,"forms":${encodeAttributes(forms, 'form ', budget)}`;
  } catch (error) {
    if (error instanceof Problem) return '';
    throw error;
  }
}

/** The record of a text; undefined: the text is cut, corrupt or of a newer version. */
export function parsedRecord(text: string): SessionRecord | undefined {
  try {
    const decoder = new ValueDecoder();
    return recordFromJson(decoder.parse(text), decoder);
  } catch {
    return undefined;
  }
}

function recordFromJson(json: unknown, decoder: ValueDecoder): SessionRecord | undefined {
  if (!isObject(json) || json.karrigell !== VERSION) return undefined;
  const created = Date.parse(String(json.created));
  if (Number.isNaN(created) || !isObject(json.data)) return undefined;
  return {
    data: attributesFromJson(json.data, decoder),
    flash: attributesFromJson(json.flash, decoder),
    forms: formsFromJson(json.forms, decoder),
    timeouts: numbersFromJson(json.timeouts),
    created,
    remember: json.remember === true,
    cookie: cookieFromJson(json.cookie),
    cookie_sent: numberIn(json.cookie_sent ?? 0),
  };
}

function attributesFromJson(json: unknown, decoder: ValueDecoder): Attributes {
  const attributes: Attributes = Object.create(null);
  if (!isObject(json)) return attributes;
  for (const key of Object.keys(json)) attributes[key] = decoder.value(json[key]);
  return attributes;
}

function formsFromJson(json: unknown, decoder: ValueDecoder): Record<string, KeptForm> {
  const forms: Record<string, KeptForm> = Object.create(null);
  for (const [place, value] of Object.entries(attributesFromJson(json, decoder))) {
    const form = keptFormIn(value);
    if (form !== undefined) forms[place] = form;
  }
  return forms;
}

function numbersFromJson(json: unknown): Record<string, number> {
  const numbers: Record<string, number> = Object.create(null);
  if (!isObject(json)) return numbers;
  for (const key of Object.keys(json)) numbers[key] = numberIn(json[key]);
  return numbers;
}

function numberIn(json: unknown): number {
  if (typeof json !== 'number' || !Number.isFinite(json)) throw new SyntaxError('a number was expected');
  return json;
}

function cookieFromJson(json: unknown): Partial<CookieSettings> | undefined {
  if (!isObject(json)) return undefined;
  for (const [name, value] of Object.entries(json)) checkCookieSetting(name, value);
  return json;
}

function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
