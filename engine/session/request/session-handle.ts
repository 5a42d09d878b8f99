// The session of one request, as http/ drives it: begin() acquires the lock and loads, open() gives the page its object, end()
// writes and releases the lock. Over the memory store nothing here is a promise unless another request holds the lock.

import { refuseUnknownOptions } from '../../diagnostics/known-options.ts';
import { Problem } from '../../diagnostics/problem.ts';
import type { KeptFields, KeptForm } from '../../forms/kept-form.ts';
import type { SessionNeed, SessionOptions } from '../../runtime/page-types.ts';
import { assertNothingUnsent } from '../cookies/client-cookies.ts';
import { lostCookie } from '../cookies/lost-cookie.ts';
import { responseCookies } from '../cookies/response-cookies.ts';
import { plainCopy } from '../format/session-record.ts';
import { releaseUnchanged, unpin } from '../lock/session-lock.ts';
import { andThen, forEachInOrder, orRecover } from '../maybe-promise.ts';
import { withPlaces } from '../page/change-places.ts';
import { detachValues } from '../page/detached-values.ts';
import { endOfCalls, unseenFailure } from '../page/ordered-calls.ts';
import { pageSession } from '../page/page-session.ts';
import { putFlash } from '../page/session-members.ts';
import { warnOfUnstorable } from '../page/unstorable-warning.ts';
import type { SessionContext } from '../session-context.ts';
import type { MaybePromise } from '../session-store.ts';
import type { RequestSession, SessionRequest } from '../session-types.ts';
import { contextForRequest } from './client-context.ts';
import { commit } from './commit.ts';
import { commitEarly } from './early-commit.ts';
import { FormChanges } from './form-changes.ts';
import { keptFormOf } from './kept-forms.ts';
import { loadSession } from './load-session.ts';
import { SessionState } from './session-state.ts';

const NO_STATES: readonly SessionState[] = [];

/** The session of one request. A page that closes it and calls Session() again gets another state. */
export class SessionHandle implements RequestSession {
  cookies: readonly string[] = [];
  used = false;
  readonly #context: SessionContext;
  readonly #request: SessionRequest;
  /** The states that the page has closed, and the current one; empty before the first load. */
  #states = NO_STATES;
  #page: object | undefined;
  #need: SessionNeed = 'none';
  #loading: Promise<void> | undefined;
  #responseBegun = false;
  #interrupted: Problem | undefined;
  /** The first error of the end. */
  #failure: { readonly error: unknown } | undefined;
  /** Whether flush() has made the cookies of the response. */
  #cookiesMade = false;
  #formChanges: FormChanges | undefined;

  constructor(context: SessionContext, request: SessionRequest) {
    this.#context = contextForRequest(context, request);
    this.#request = request;
  }

  begin(need: SessionNeed): MaybePromise<void> {
    if (need === 'none' || this.#need === 'write' || need === this.#need) return this.#loading;
    this.#need = need;
    const loaded = andThen(this.#loading, () => this.#load(need));
    if (!(loaded instanceof Promise)) return undefined;
    const loading = loaded.finally(() => {
      if (this.#loading === loading) this.#loading = undefined;
    });
    this.#loading = loading;
    return loading;
  }

  open(options?: SessionOptions): object {
    const state = this.#opened(options);
    this.#page ??= pageSession(state);
    return this.#page;
  }

  #opened(options?: SessionOptions): SessionState {
    if (options !== undefined) refuseUnknownOptions('Session', options, ['read_only', 'touch']);
    if (this.#interrupted !== undefined) throw this.#interrupted;
    const readOnly = options?.read_only === true;
    const current = this.#current;
    if (current === undefined || this.#loading !== undefined || (!readOnly && this.#need !== 'write'))
      throw new Problem('session-lock-missing');
    const state = current.closed ? this.#startAnew(current) : current;
    this.used = true;
    if (options?.touch !== false) state.touches = true;
    if (!readOnly) state.openForWriting();
    return state;
  }

  flash(values: Readonly<Record<string, unknown>>): void {
    const state = this.#opened();
    for (const [key, value] of Object.entries(values)) putFlash(state, key, value);
  }

  keptForm(place: string): MaybePromise<KeptForm | undefined> {
    const read = () =>
      andThen(this.begin('read'), () => {
        const form = this.#current && keptFormOf(this.#current, place);
        // The page shows what the session has, so no cache may keep it.
        if (form !== undefined) this.used = true;
        return form;
      });
    return orRecover<KeptForm | undefined>(read, () => {
      if (this.#need === 'read') this.#need = 'none';
      return undefined;
    });
  }

  keepForm(place: string, form: KeptFields): void {
    this.#changesOfForms.add({ place, form });
  }

  dropForm(place: string, until?: number): void {
    this.#changesOfForms.add({ place, form: undefined, until });
  }

  flush(): MaybePromise<void> {
    if (this.#loading !== undefined) return this.#loading.then(() => this.flush());
    this.#responseBegun = true;
    const written = forEachInOrder(this.#states, (state) =>
      andThen(this.#writeState(state), () => {
        state.responseBegun = true;
      }),
    );
    return andThen(written, () =>
      andThen(this.#makeCookies(), () => {
        this.#cookiesMade = this.#states.length > 0;
      }),
    );
  }

  release(): MaybePromise<void> {
    if (this.#loading !== undefined) return this.#loading.then(() => this.release());
    return forEachInOrder(this.#states, (state) => this.#writeState(state));
  }

  get busy(): boolean {
    return this.#loading !== undefined || (this.#current?.runningCalls ?? 0) > 0;
  }

  interrupt(problem: Problem): MaybePromise<void> {
    this.#interrupted = problem;
    for (const state of this.#states) state.interrupted = problem;
    for (const state of this.#states) if (state.writable) detachValues(state);
    return this.#end();
  }

  end(): MaybePromise<void> {
    if (this.#interrupted !== undefined) return undefined;
    return this.#formChanges === undefined
      ? this.#end()
      : andThen(this.#changeForms(this.#formChanges), () => this.#end());
  }

  get lost_cookie(): string | undefined {
    return this.used && this.#current !== undefined ? lostCookie(this.#current) : undefined;
  }

  snapshot(): Readonly<Record<string, unknown>> | undefined {
    return this.used && this.#current !== undefined ? plainCopy(this.#current.record.data) : undefined;
  }

  get #current(): SessionState | undefined {
    return this.#states.at(-1);
  }

  #load(need: SessionNeed): MaybePromise<void> {
    const state = this.#current ?? this.#newState();
    return andThen(loadSession(state, need), () => {
      if (this.#states.length === 0) this.#states = [state];
    });
  }

  get #changesOfForms(): FormChanges {
    this.#formChanges ??= new FormChanges();
    return this.#formChanges;
  }

  /** The lock is acquired here unless the page has it. A page that only drops a form does not fail for it. */
  #changeForms(changes: FormChanges): MaybePromise<void> {
    const change = () => {
      const state = changes.target(this.#current, (closed) => this.#startAnew(closed));
      if (state === undefined) return;
      this.used = true;
      changes.makeIn(state);
    };
    return orRecover(
      () => andThen(this.begin('write'), change),
      (error) => {
        if (changes.keeps) throw error;
      },
    );
  }

  #startAnew(closed: SessionState): SessionState {
    const state = this.#newState();
    state.requestCookies = closed.requestCookies;
    this.#states = [...this.#states, state];
    this.#page = undefined;
    return state;
  }

  #newState(): SessionState {
    const state = new SessionState(this.#context, this.#request);
    state.responseBegun = this.#responseBegun;
    return state;
  }

  #writeState(state: SessionState): MaybePromise<void> {
    return andThen(endOfCalls(state), () => {
      const failed = unseenFailure(state);
      if (failed !== undefined) {
        failed.seen = true;
        throw failed.error;
      }
      return withPlaces(state.places, () => commitEarly(state));
    });
  }

  #end(): MaybePromise<void> {
    // An error of the load has been thrown by begin().
    if (this.#loading !== undefined)
      return this.#loading.then(
        () => this.#end(),
        () => undefined,
      );
    const ended = forEachInOrder(this.#states, (state) => this.#endState(state));
    return andThen(ended, () => {
      if (this.#failure !== undefined) throw this.#failure.error;
      return this.#makeCookies();
    });
  }

  /** Each state is committed, even after an error of another one or of a call. */
  #endState(state: SessionState): MaybePromise<void> {
    return andThen(endOfCalls(state), () => {
      const failed = unseenFailure(state);
      if (failed !== undefined) this.#failure ??= { error: failed.error };
      const committed = orRecover(
        () => this.#commit(state),
        (error) => {
          this.#failure ??= { error };
        },
      );
      return andThen(committed, () => unpin(state));
    });
  }

  #commit(state: SessionState): MaybePromise<void> {
    if (!this.used) return releaseUnchanged(state);
    const { config, store } = this.#context;
    if (config.debug && !store.serialized) warnOfUnstorable(state);
    return withPlaces(state.places, () => commit(state));
  }

  #makeCookies(): MaybePromise<void> {
    if (!this.used) return undefined;
    if (this.#cookiesMade) return assertNothingUnsent(this.#current);
    const cookies = withPlaces(this.#current?.places, () => responseCookies(this.#states));
    return andThen(cookies, (made) => {
      this.cookies = made;
    });
  }
}
