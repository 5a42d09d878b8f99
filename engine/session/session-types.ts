// The types of sessions that http/ and cli/ work with. open-sessions.ts makes their objects.

import type { Config } from '../../config/schema.ts';
import type { Problem } from '../diagnostics/problem.ts';
import type { KeptFields, KeptForm } from '../forms/kept-form.ts';
import type { SessionNeed, SessionOptions } from '../runtime/page-types.ts';
import type { FormEntries } from './once/form-arrival.ts';

/** The URL that the browser requested, as far as it is known: a proxy may have changed it. */
export interface RequestedUrl {
  readonly secure: boolean;
  /** Without the port; undefined: unknown. */
  readonly host: string | undefined;
  /** Undecoded; undefined: unknown. */
  readonly path: string | undefined;
}

/** The properties of a request that sessions use. */
export interface SessionRequest {
  /** The Cookie header. */
  readonly cookie: string | undefined;
  /** Whether the request came by https, for `secure: "auto"`. */
  readonly secure: boolean;
  /** undefined: unknown. */
  readonly url?: RequestedUrl | undefined;
  /** When the request arrived, in ms since 1970; undefined: now. */
  readonly arrived?: number | undefined;
  /** The name of the page, for the error of a request that waits for its lock in vain. */
  readonly page: string;
  /** Aborted when the client disconnects: the request then stops waiting for the lock. */
  readonly signal?: AbortSignal | undefined;
}

/** The session of one request. */
export interface RequestSession {
  /** Loads the session: under its lock for 'write', without waiting for 'read'. No promise if that needs no time. Idempotent. */
  begin(need: SessionNeed): void | Promise<void>;
  /** The object that `Session()` gives to the page. */
  open(options?: SessionOptions): object;
  /** Opens the session and sets values that are kept until they are read once. */
  flash(values: Readonly<Record<string, unknown>>): void;
  /**
   * The form that is kept for a page, read without the lock; undefined also if the store is unavailable, because the page can be
   * shown without it.
   */
  keptForm(place: string): KeptForm | undefined | Promise<KeptForm | undefined>;
  /** Keeps a form for a page: end() writes it, in a session that begins if there is none. */
  keepForm(place: string, form: KeptFields): void;
  /** Drops the form that is kept for a page, or only that one that is kept until this time: end() removes it. */
  dropForm(place: string, until?: number): void;
  /**
   * Called when the response begins: writes what changed and releases the lock. Later changes are merged at end(); a change that
   * needs a cookie is an error.
   */
  flush(): void | Promise<void>;
  /** Writes what changed and releases the lock, although the request goes on. Later changes are merged at end(). */
  release(): void | Promise<void>;
  /** Writes what changed and releases the lock. Called once, also after an error of the page. */
  end(): void | Promise<void>;
  /**
   * Called when the request ends but its page still runs: writes what changed until now and releases the lock. Later changes
   * throw the problem, and end() does nothing.
   */
  interrupt(problem: Problem): void | Promise<void>;
  /** Whether the page waits for its lock, or for a save() or update(). */
  readonly busy: boolean;
  /** The Set-Cookie values of the response, after end() or flush(). */
  readonly cookies: readonly string[];
  /** Whether the page called Session(). */
  readonly used: boolean;
  /** Why the browser will not send the session cookie back; undefined: it will, or nothing is known. */
  readonly lost_cookie: string | undefined;
  /** The current attributes, for the error page; undefined: the page has not called Session(). */
  snapshot(): Readonly<Record<string, unknown>> | undefined;
}

/** One stored session of a listing. */
export interface SessionSummary {
  /** The SHA-256 of the id, hexadecimal. */
  readonly key: string;
  /** Bytes; undefined: the store does not know. */
  readonly size: number | undefined;
  /** In ms since 1970; undefined: the session cannot be read. */
  readonly created: number | undefined;
  /** In ms since 1970; 0: never. */
  readonly expires: number;
}

/** Options of long work on many sessions. */
export interface WorkOptions {
  /** When it is aborted, the current step is finished and no other one begins. */
  readonly signal?: AbortSignal;
  /** Called after each step. `total` is approximate; undefined: unknown. */
  readonly progress?: (done: number, total: number | undefined) => void;
}

/** Administers the configured store. A key may be shortened to an unambiguous prefix. */
export interface SessionAdministration {
  list(work?: WorkOptions): AsyncIterable<SessionSummary>;
  /** The attributes of a session; undefined: there is none. */
  show(key: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Returns whether there was a session. */
  delete(key: string): Promise<boolean>;
  /** Deletes all sessions and returns their number. */
  clear(work?: WorkOptions): Promise<number>;
  /** Removes expired entries and what dead processes left; returns their number. */
  gc(work?: WorkOptions): Promise<number>;
}

/** All sessions of one server. */
export interface Sessions {
  /** The store in the words of the start-up message: "memory (at most 1000)", "json (.karrigell/sessions)". */
  readonly description: string;
  request(request: SessionRequest): RequestSession;
  readonly administration: SessionAdministration;
  /** The forms with a token that have arrived; undefined if the store gives no locks that all processes share. */
  readonly forms: FormEntries | undefined;
  /** Why it keeps no forms; undefined: it does. */
  readonly forms_refusal: string | undefined;
  /** Applies changed settings (timeouts, cookie, max_sessions). The store stays open. */
  configure(config: SessionsConfig): void;
  /** Waits for running requests and closes the store. */
  close(): Promise<void>;
}

/** The part of the configuration that sessions read. */
export type SessionsConfig = Pick<Config, 'persistent_session' | 'max_sessions' | 'session' | 'debug'>;

/** The parts of the server that sessions use. */
export interface SessionsEnvironment {
  /** The folder that relative paths of stores start from. */
  readonly base_dir: string;
  /** Logs a message for the operator. */
  readonly log: (level: 'warn' | 'error', message: string, cause?: unknown) => void;
  /** The clock, in ms since 1970. Default: Date.now. */
  readonly now?: () => number;
  /** Loads the module of a site's own store, or a package of one. Without it such stores are unknown. */
  readonly load_module?: LoadModule;
}

/** Loads a module as the file `importer` (absolute path) would import it, and gives its exports. */
export type LoadModule = (specifier: string, importer: string) => Promise<Readonly<Record<string, unknown>>>;
