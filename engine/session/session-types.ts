// What sessions show to the rest: the types that http/ and cli/ work with. Types only; open.ts makes them.

import type { Config } from '../../config/schema.ts';
import type { Problem } from '../diagnostics/problem.ts';
import type { SessionNeed, SessionOptions } from '../runtime/page-types.ts';

/** What a browser asked for, as far as no proxy may have changed it. */
export interface RequestedUrl {
  readonly secure: boolean;
  /** Without the port; undefined: unknown. */
  readonly host: string | undefined;
  /** As it stands in the URL; undefined: unknown. */
  readonly path: string | undefined;
}

/** What one request says about itself when it asks for its session. */
export interface SessionRequest {
  /** The request's Cookie header. */
  readonly cookie: string | undefined;
  /** Whether the visitor came by https (decides `secure: "auto"`). */
  readonly secure: boolean;
  /** What its browser asked for; undefined: unknown. */
  readonly url?: RequestedUrl | undefined;
  /** When it arrived, in ms since 1970; undefined: now. */
  readonly arrived?: number | undefined;
  /** The page's name, for the log of a lock that was held too long. */
  readonly page: string;
  /** Aborted when the client leaves; a waiter is then dropped. */
  readonly signal?: AbortSignal | undefined;
}

/** The session of one request. */
export interface RequestSession {
  /** Waits for the lock (or only looks, for 'read') and loads; at once where it can. Idempotent. */
  begin(need: SessionNeed): void | Promise<void>;
  /** What the page gets from `Session()`. */
  open(options?: SessionOptions): object;
  /**
   * The response begins: writes what changed and releases the lock. What changes later is merged at end(); what would need
   * a cookie then is an error.
   */
  flush(): void | Promise<void>;
  /** Writes what changed and releases the lock; to be called once, also after the page's own error. */
  end(): void | Promise<void>;
  /**
   * The page goes on, but its request does not: writes what it has changed until now and releases the lock. What it changes
   * later is refused with this problem, and end() has nothing left to do.
   */
  interrupt(problem: Problem): void | Promise<void>;
  /** Whether the page waits for the session: for its lock, or for a save() or update() that has begun. */
  readonly busy: boolean;
  /** The Set-Cookie values that the response must carry; known after end() or flush(). */
  readonly cookies: readonly string[];
  /** Whether the page called Session(). */
  readonly used: boolean;
  /** Why the browser will not send the cookie back that this session needs; undefined: it will, or nothing is known. */
  readonly lost_cookie: string | undefined;
  /** The attributes as they are now, for the error page; undefined when nothing was opened. */
  snapshot(): Readonly<Record<string, unknown>> | undefined;
}

/** One stored session in a listing. `key` is the SHA-256 of the id, hexadecimal. */
export interface SessionSummary {
  readonly key: string;
  /** Bytes, where the store knows. */
  readonly size: number | undefined;
  /** Milliseconds since 1970; undefined: it cannot be read. */
  readonly created: number | undefined;
  /** Milliseconds since 1970; 0: never. */
  readonly expires: number;
}

/** What somebody who starts long work may add. */
export interface WorkOptions {
  /** Aborted: what was begun is finished, and nothing more is begun. */
  readonly signal?: AbortSignal;
  /** Told how much is done; of about how much, where that is known. */
  readonly progress?: (done: number, total: number | undefined) => void;
}

/** Looks after the configured store. Keys may be shortened to an unambiguous beginning. */
export interface SessionAdministration {
  list(work?: WorkOptions): AsyncIterable<SessionSummary>;
  /** The attributes of one session; undefined when there is none. */
  show(key: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Whether there was one to delete. */
  delete(key: string): Promise<boolean>;
  /** How many were deleted. */
  clear(work?: WorkOptions): Promise<number>;
  /** Removes what has expired or was left over; how many. */
  gc(work?: WorkOptions): Promise<number>;
}

/** All the sessions of one server. */
export interface Sessions {
  /** How start-up names the store: "memory (at most 1000)", "json (.karrigell/sessions)". */
  readonly description: string;
  request(request: SessionRequest): RequestSession;
  readonly administration: SessionAdministration;
  /** Applies changed settings (timeouts, cookie, max_sessions); the store itself stays. */
  configure(config: SessionsConfig): void;
  /** Finishes what runs and closes the store. */
  close(): Promise<void>;
}

/** The part of the configuration that sessions read. */
export type SessionsConfig = Pick<Config, 'persistent_session' | 'max_sessions' | 'session' | 'debug'>;

/** What sessions need from outside, so that tests can hold the clock. */
export interface SessionsEnvironment {
  /** The folder that relative store paths start from. */
  readonly base_dir: string;
  /** Says what an operator must know; level 'warn' or 'error'. */
  readonly log: (level: 'warn' | 'error', message: string, cause?: unknown) => void;
  /** Milliseconds since 1970; Date.now by default. */
  readonly now?: () => number;
  /** Loads a site's own store or the package of one, as its modules are loaded; without it there are no such stores. */
  readonly load_module?: LoadModule;
}

/** What the module exports that a file (absolute path) names so. */
export type LoadModule = (specifier: string, importer: string) => Promise<Readonly<Record<string, unknown>>>;
