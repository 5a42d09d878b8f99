// One request's session, as http/ drives it: begin() acquires the lock and loads, open() is the page's Session(), end()
// writes. Over the memory store nothing here is a promise unless somebody else holds the session.

import { refuseUnknownOptions } from '../../diagnostics/known-options.ts';
import { Problem } from '../../diagnostics/problem.ts';
import type { SessionNeed, SessionOptions } from '../../runtime/page-types.ts';
import { assertNothingUnsent } from '../cookies/client-cookies.ts';
import { lostCookie } from '../cookies/lost-cookie.ts';
import { cookiesOf } from '../cookies/response-cookies.ts';
import { emptyRecord, plainCopy } from '../format/session-record.ts';
import { release } from '../lock/lock-end.ts';
import { inItsPlace } from '../page/change-places.ts';
import { detach } from '../page/detached-values.ts';
import { endOfCalls } from '../page/ordered-calls.ts';
import { pageSession } from '../page/page-session.ts';
import { warnOfUnstorable } from '../page/unstorable-warning.ts';
import { contextForRequest, type SessionContext } from '../session-context.ts';
import type { MaybePromise } from '../session-store.ts';
import type { RequestSession, SessionRequest } from '../session-types.ts';
import { commit, commitEarly } from './commit.ts';
import { unpin } from './pin.ts';
import { loadPresented } from './presented-session.ts';
import { SessionState } from './session-state.ts';

/** The session of one request. */
export class SessionHandle implements RequestSession {
  cookies: readonly string[] = [];
  used = false;
  readonly #site: SessionContext;
  readonly #request: SessionRequest;
  #state: SessionState | undefined;
  #page: object | undefined;
  /** Sessions that the page closed, before the one that it uses now. */
  #closed: SessionState[] | undefined;
  #need: SessionNeed = 'none';
  #beginning: Promise<void> | undefined;
  #responseBegun = false;
  #interrupted: Problem | undefined;
  /** flush() has made the cookies: there will be no others. */
  #cookiesMade = false;

  constructor(site: SessionContext, request: SessionRequest) {
    this.#site = contextForRequest(site, request);
    this.#request = request;
  }

  begin(need: SessionNeed): MaybePromise<void> {
    if (need === 'none' || this.#need === 'write' || need === this.#need) return this.#beginning;
    this.#need = need;
    if (this.#beginning !== undefined) return this.#follow(this.#beginning.then(() => this.#load(need)));
    const loaded = this.#load(need);
    return loaded instanceof Promise ? this.#follow(loaded) : undefined;
  }

  open(options?: SessionOptions): object {
    if (options !== undefined) refuseUnknownOptions('Session', options, ['read_only', 'touch']);
    if (this.#interrupted !== undefined) throw this.#interrupted;
    const readOnly = options?.read_only === true;
    if (this.#state === undefined || this.#beginning !== undefined) throw new Problem('session-lock-missing');
    if (!readOnly && this.#need !== 'write') throw new Problem('session-lock-missing');
    const state = this.#state.closed ? this.#startAnew(this.#state) : this.#state;
    this.used = true;
    if (options?.touch !== false) state.prolongs = true;
    if (!readOnly) this.#openForWriting(state);
    this.#page ??= pageSession(state);
    return this.#page;
  }

  flush(): MaybePromise<void> {
    if (this.#beginning !== undefined) return this.#beginning.then(() => this.flush());
    this.#responseBegun = true;
    const state = this.#state;
    if (state === undefined) return undefined;
    if (state.calls.length > 0 || this.#closed !== undefined) return this.#flushAll(state);
    const written = this.#writeEarly(state);
    if (written instanceof Promise) return written.then(() => this.#settleEarly([state]));
    return this.#settleEarly([state]);
  }

  get busy(): boolean {
    return this.#beginning !== undefined || (this.#state !== undefined && this.#state.running > 0);
  }

  interrupt(problem: Problem): MaybePromise<void> {
    const states = [...(this.#closed ?? []), ...(this.#state === undefined ? [] : [this.#state])];
    this.#interrupted = problem;
    for (const state of states) state.interrupted = problem;
    for (const state of states) if (state.writable) detach(state);
    return this.#endNow();
  }

  end(): MaybePromise<void> {
    return this.#interrupted === undefined ? this.#endNow() : undefined;
  }

  #endNow(): MaybePromise<void> {
    const beginning = this.#beginning;
    if (beginning !== undefined) {
      return beginning.then(
        () => this.#endNow(),
        () => undefined,
      );
    }
    const state = this.#state;
    if (state === undefined) return undefined;
    if (state.calls.length > 0 || this.#closed !== undefined) return this.#endAll(state);
    try {
      const committed = this.#commit(state);
      if (committed instanceof Promise)
        return committed.finally(() => unpin(state)).then(() => this.#settle([state]));
    } catch (error) {
      unpin(state);
      throw error;
    }
    unpin(state);
    return this.#settle([state]);
  }

  get lost_cookie(): string | undefined {
    return this.used && this.#state !== undefined ? lostCookie(this.#state) : undefined;
  }

  snapshot(): Readonly<Record<string, unknown>> | undefined {
    return this.used && this.#state !== undefined ? plainCopy(this.#state.record.data) : undefined;
  }

  #follow(loading: Promise<void>): Promise<void> {
    const done = loading.finally(() => {
      if (this.#beginning === done) this.#beginning = undefined;
    });
    this.#beginning = done;
    return done;
  }

  #load(need: SessionNeed): MaybePromise<void> {
    const state = this.#state ?? this.#emptyState();
    const loaded = loadPresented(state, need);
    if (!(loaded instanceof Promise)) {
      this.#state = state;
      return undefined;
    }
    return loaded.then(() => {
      this.#state = state;
    });
  }

  #openForWriting(state: SessionState): void {
    state.writable = true;
    if (state.announcesOnWrite || !state.beginsUnannounced) return;
    state.assertCookieCanBeSent('a session that begins');
    state.announce = true;
  }

  #startAnew(closed: SessionState): SessionState {
    this.#closed ??= [];
    this.#closed.push(closed);
    const state = this.#emptyState();
    state.presented = closed.presented;
    this.#state = state;
    this.#page = undefined;
    return state;
  }

  #emptyState(): SessionState {
    const state = new SessionState(this.#site, this.#request, emptyRecord(this.#site.now()));
    state.responseBegun = this.#responseBegun;
    return state;
  }

  #writeEarly(state: SessionState): MaybePromise<void> {
    const written = inItsPlace(state.places, () => commitEarly(state));
    state.responseBegun = true;
    return written;
  }

  async #flushAll(last: SessionState): Promise<void> {
    const states = [...(this.#closed ?? []), last];
    for (const state of states) {
      await endOfCalls(state);
      const failed = state.calls.find((call) => call.failed && !call.seen);
      if (failed !== undefined) {
        failed.seen = true;
        throw failed.error;
      }
      await this.#writeEarly(state);
    }
    await this.#settleEarly(states);
  }

  #commit(state: SessionState): MaybePromise<void> {
    if (!this.used) return release(state);
    if (this.#site.config.debug && this.#site.store.serialized === false) warnOfUnstorable(state);
    return inItsPlace(state.places, () => commit(state));
  }

  async #endAll(last: SessionState): Promise<void> {
    const states = [...(this.#closed ?? []), last];
    const failures: unknown[] = [];
    for (const state of states) {
      await endOfCalls(state);
      failures.push(...state.calls.filter((call) => call.failed && !call.seen).map((call) => call.error));
      try {
        await this.#commit(state);
      } catch (error) {
        failures.push(error);
      }
      unpin(state);
    }
    if (failures.length > 0) throw failures[0];
    await this.#settle(states);
  }

  #settleEarly(states: readonly SessionState[]): MaybePromise<void> {
    const settled = this.#settle(states);
    if (settled instanceof Promise) {
      return settled.then(() => {
        this.#cookiesMade = true;
      });
    }
    this.#cookiesMade = true;
    return undefined;
  }

  #settle(states: readonly SessionState[]): MaybePromise<void> {
    if (!this.used) return undefined;
    if (this.#cookiesMade) return assertNothingUnsent(states);
    const cookies = inItsPlace(states.at(-1)?.places, () => cookiesOf(states));
    if (cookies instanceof Promise) {
      return cookies.then((made) => {
        this.cookies = made;
      });
    }
    this.cookies = cookies;
    return undefined;
  }
}
