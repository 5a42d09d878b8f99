// The session as one request has it: its entry in the store, and the changes of the page. The rules on changes of a page (which,
// and when) are here. The Proxy of the page (page/page-session.ts) has this object as its target.

import { type InspectOptions, inspect } from 'node:util';
import { Problem } from '../../diagnostics/problem.ts';
import type { SessionCookies } from '../cookies/cookie-values.ts';
import { type CookieSettings, emptyRecord, type SessionRecord } from '../format/session-record.ts';
import { ChangePlaces } from '../page/change-places.ts';
import type { PageCall } from '../page/ordered-calls.ts';
import type { SessionContext } from '../session-context.ts';
import { SessionEndedError } from '../session-errors.ts';
import type { StoreLock } from '../session-store.ts';
import type { SessionRequest } from '../session-types.ts';
import { newSessionId, sessionKey } from './session-id.ts';

/** The kind of the id that the request carries (docs/sessions.md, *Which session an id opens*). */
export type Identity = 'none' | 'live' | 'fresh' | 'retired' | 'unknown';

const NO_CALLS: readonly PageCall[] = [];
const NO_IDS: readonly string[] = [];

/** The session of one request. */
export class SessionState {
  readonly context: SessionContext;
  readonly request: SessionRequest;
  identity: Identity = 'none';
  /** The session cookies of the request; undefined until they are parsed. */
  requestCookies: SessionCookies | undefined;
  /** Ids of other live sessions in the cookies of the request: close() ends them too. */
  otherLiveIds: readonly string[] = NO_IDS;
  /** The deadline in the store; 0: never, or there is no entry. */
  deadline = 0;
  /** Whether the store has an entry, as far as this request knows. */
  stored = false;
  /** The lock, while this request holds it. */
  lock: StoreLock<SessionRecord> | undefined;
  /** false: the page has opened the session with read_only alone. */
  writable = false;
  /** Whether this request moves the deadline: not with { touch: false } alone. */
  touches = false;
  /** Whether an attribute was assigned or deleted since the last write. */
  changed = false;
  /** Whether the response sends the cookie, because the id or a setting is new or its timeout is near. */
  cookieDue = false;
  /** Whether the cookie of a new session is due at the first write, and not at Session(). */
  cookieDueOnWrite: boolean;
  closed = false;
  /** Whether the response has begun, so that no cookie can be sent. */
  responseBegun = false;
  /** The id before regenerate(), until the store has made the move. */
  replaced: { readonly id: string; readonly key: string; readonly stored: boolean } | undefined;
  /** The attributes as they were at save() or flush(), to find what the page changes afterwards. */
  base: Map<string, unknown> | undefined;
  /** The error of save() or flush(). It is thrown again later, because what is still unwritten cannot be known. */
  failure: { readonly error: unknown } | undefined;
  /** Calls of save() and update(), in order. */
  calls: readonly PageCall[] = NO_CALLS;
  runningCalls = 0;
  /** The error of each later change, once the page was interrupted. */
  interrupted: Problem | undefined;
  /** The object that the page got as s.cookie, and its settings before. */
  pageCookie: { readonly settings: CookieSettings; readonly before: CookieSettings } | undefined;
  /** The guards of values of a read-only session, so that s.cart === s.cart. */
  guards: WeakMap<object, object> | undefined;
  /** The key of the entry that this request has pinned. */
  pinnedKey: string | undefined;
  /** Places in the page's code, for errors of the write. */
  places: ChangePlaces | undefined;
  #record: SessionRecord | undefined;
  #id: string | undefined;
  #key: string | undefined;

  constructor(context: SessionContext, request: SessionRequest) {
    this.context = context;
    this.request = request;
    this.cookieDueOnWrite = context.config.session.cookie.when === 'write';
    this.places = context.config.debug ? new ChangePlaces() : undefined;
  }

  /** The content; an empty one until the entry is read. */
  get record(): SessionRecord {
    this.#record ??= emptyRecord(this.context.now());
    return this.#record;
  }

  set record(record: SessionRecord) {
    this.#record = record;
  }

  /** The id. The first reading makes a new one if the request brought none that counts. */
  get id(): string {
    this.#id ??= newSessionId(this.context.now(), this.context.store.secret);
    return this.#id;
  }

  /** The key of the entry in the store. */
  get key(): string {
    this.#key ??= sessionKey(this.id);
    return this.#key;
  }

  /** Sets the id; undefined: the next reading makes a new one. */
  setId(id: string | undefined): void {
    this.#id = id;
    this.#key = undefined;
  }

  /** node:util calls this on the Proxy, so that console.log(s) shows the attributes alone. */
  [inspect.custom](_depth: number, options: InspectOptions): string {
    return `Session ${inspect(Object.fromEntries(Object.entries(this)), options)}`;
  }

  /** Whether the request came without an id, or with one that does not count. */
  get isNew(): boolean {
    return this.identity === 'none' || this.identity === 'unknown';
  }

  /** Whether the request came with an id that counts. */
  get hasKnownId(): boolean {
    return this.identity === 'live' || this.identity === 'fresh';
  }

  /** Whether a first write creates a session whose cookie is not due yet. */
  get lacksCookie(): boolean {
    return this.isNew && !this.stored && !this.cookieDue;
  }

  /** The cookie of a new session is due now, unless the configuration waits for the first write. */
  openForWriting(): void {
    this.writable = true;
    if (this.cookieDueOnWrite || !this.lacksCookie) return;
    this.assertCookieCanBeSent('a session that begins');
    this.cookieDue = true;
  }

  /** Notes a change. Throws if it creates a session whose cookie cannot be sent. */
  noteChange(): void {
    if (this.lacksCookie) this.assertCookieCanBeSent('a session that begins');
    this.changed = true;
  }

  /** @param what the thing that needs the cookie, for the message */
  assertCookieCanBeSent(what: string): void {
    if (this.responseBegun) throw new Problem('session-response-begun', { params: { what } });
  }

  /** Throws if the session is kept in its cookie, and the cookie cannot be sent. */
  assertStorable(path: string): void {
    if (this.context.clientStore !== undefined)
      this.assertCookieCanBeSent(`a change of ${path}, which is kept in it,`);
  }

  assertNotInterrupted(): void {
    if (this.interrupted !== undefined) throw this.interrupted;
  }

  /** Throws unless the page may change `path` now. */
  assertWritable(path: string): void {
    this.assertNotInterrupted();
    if (this.closed || this.identity === 'retired') throw new SessionEndedError();
    this.#assertOpenedForWriting(path);
  }

  /** Throws unless the session may get another id now. A retired one may, because that is a login. */
  assertMayRegenerate(): void {
    this.assertNotInterrupted();
    if (this.closed) throw new SessionEndedError();
    this.#assertOpenedForWriting('the id');
    this.assertCookieCanBeSent('s.regenerate()');
  }

  #assertOpenedForWriting(path: string): void {
    if (!this.writable) throw new Problem('session-read-only', { params: { path } });
    this.assertStorable(path);
  }
}
