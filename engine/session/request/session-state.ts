// One session as one request has it: what was found under the id that it carried, and what the page did to it since.
// The rules of reading and writing are here; the Proxy that a page holds (session.ts) only translates.

import { type InspectOptions, inspect } from 'node:util';
import { Problem } from '../../diagnostics/problem.ts';
import type { PresentedCookies } from '../cookies/cookie-values.ts';
import type { CookieSettings, SessionRecord } from '../format/session-record.ts';
import type { SessionLock } from '../lock/session-lock.ts';
import { ChangePlaces } from '../page/change-places.ts';
import type { Call } from '../page/ordered-calls.ts';
import type { SessionContext } from '../session-context.ts';
import { SessionEndedError } from '../session-errors.ts';
import type { SessionRequest } from '../session-types.ts';
import { newSessionId, sessionKey } from './session-id.ts';

/** What the presented id turned out to be: the rows of the table in contract section 7. */
export type Identity = 'none' | 'live' | 'fresh' | 'retired' | 'unknown';

const NO_CALLS: readonly Call[] = [];
const NO_IDS: readonly string[] = [];

/** The session of one request; also the target of the Proxy that the page holds. */
export class SessionState {
  readonly site: SessionContext;
  readonly request: SessionRequest;
  identity: Identity = 'none';
  record: SessionRecord;
  /** The session cookies that came; undefined until they are looked at. */
  presented: PresentedCookies | undefined;
  /** Ids of other live sessions whose cookies came along: close() ends them too. */
  othersLive: readonly string[] = NO_IDS;
  /** The deadline that the store has; 0 for never and for what is not stored. */
  deadline = 0;
  /** Whether the store has an entry for it, as far as this request knows. */
  stored = false;
  /** The lock, while this request has it. */
  held: SessionLock | undefined;
  /** false: opened with read_only. */
  writable = false;
  /** Whether requests of this page move the deadline. */
  prolongs = false;
  /** Something was assigned or deleted at top level. */
  changed = false;
  /** The visitor must get the cookie: new id, or other cookie settings. */
  announce = false;
  /** A session that begins is announced when the page stores something, not when it is opened. */
  announcesOnWrite: boolean;
  closed = false;
  /** The response has begun: no cookie can be sent any more. */
  responseBegun = false;
  /** The id that regenerate() replaced, until the store knows. */
  replaced: { readonly id: string; readonly key: string; readonly stored: boolean } | undefined;
  /** After save(): the attributes as they were then, to tell what this page changes afterwards. */
  base: Map<string, unknown> | undefined;
  /** What save() or flush() could not write: nobody can tell any more what is still to be written. */
  failure: { readonly error: unknown } | undefined;
  /** The page's calls of save() and update(), in order; none for most pages. */
  calls: readonly Call[] = NO_CALLS;
  running = 0;
  /** Why the page may change nothing any more: it was interrupted. */
  interrupted: Problem | undefined;
  /** The settings object that the page got as s.cookie; looked at when the session is written. */
  cookieShown: { readonly settings: CookieSettings; readonly before: CookieSettings } | undefined;
  /** Guards of what a read-only session hands out, so that s.cart === s.cart. */
  guards: WeakMap<object, object> | undefined;
  /** The key of the entry that must not be evicted while this request runs. */
  pinned: string | undefined;
  /** Where the page has changed it, as far as that is kept. */
  places: ChangePlaces | undefined;
  #id: string | undefined;
  #key: string | undefined;

  constructor(site: SessionContext, request: SessionRequest, record: SessionRecord) {
    this.site = site;
    this.request = request;
    this.record = record;
    this.announcesOnWrite = site.config.session.cookie.when === 'write';
    this.places = site.config.debug ? new ChangePlaces() : undefined;
  }

  /** Its id; a new one is issued when it is first asked for. */
  get id(): string {
    this.#id ??= newSessionId(this.site.now(), this.site.store.secret);
    return this.#id;
  }

  /** The key under which a store keeps it. */
  get key(): string {
    this.#key ??= sessionKey(this.id);
    return this.#key;
  }

  /** The id that the request carried, and its key. */
  present(id: string | undefined, key: string | undefined): void {
    this.#id = id;
    this.#key = key;
  }

  /** console.log(s) looks for this behind the Proxy and calls it on the Proxy: it shows the attributes alone. */
  [inspect.custom](_depth: number, options: InspectOptions): string {
    return `Session ${inspect(Object.fromEntries(Object.entries(this)), options)}`;
  }

  /** Throws when the response has begun without the cookie that `what` needs. */
  assertCookieCanBeSent(what: string): void {
    if (this.responseBegun) throw new Problem('session-response-begun', { params: { what } });
  }

  /** Throws when a change of `path` could not reach the cookie that the session is kept in. */
  assertStorable(path: string): void {
    if (this.site.clientStore !== undefined)
      this.assertCookieCanBeSent(`a change of ${path}, which is kept in it,`);
  }

  /** Whether a first write begins a session that the visitor has no cookie of yet. */
  get beginsUnannounced(): boolean {
    const isNew = this.identity === 'none' || this.identity === 'unknown';
    return isNew && !this.stored && !this.announce;
  }

  /** The page stores something. Throws when that begins a session whose cookie cannot be sent any more. */
  noteChange(): void {
    if (this.beginsUnannounced) this.assertCookieCanBeSent('a session that begins');
    this.changed = true;
  }

  /** Throws when the page was interrupted, and so may change nothing any more. */
  assertNotInterrupted(): void {
    if (this.interrupted !== undefined) throw this.interrupted;
  }

  /** Throws unless `path` may be changed now. */
  assertWritable(path: string): void {
    this.assertNotInterrupted();
    if (this.closed || this.identity === 'retired') throw new SessionEndedError();
    this.#assertOpenedForWriting(path);
  }

  /** Throws unless the session may get another id now; one that was retired may. */
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
