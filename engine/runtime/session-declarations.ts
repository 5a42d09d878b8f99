// The types of `Session()` (docs/sessions.md). Declarations only.

import type { CookieOptions, SessionOptions } from './page-types.ts';

declare global {
  /** The attributes of all sessions of a site, which adds them to this interface. */
  interface SessionData {}
}

/** The attributes of sessions without a type. */
// biome-ignore lint/suspicious/noExplicitAny: any attribute can be set and read, as in the session itself
type AnyAttributes = Record<string, any>;

/** The attributes of a `Session()` without a type argument: SessionData, if the site declares it. */
export type SharedAttributes = keyof SessionData extends never ? AnyAttributes : SessionData;

type Name<T> = keyof T & string;
type Value<T, K extends keyof T> = Exclude<T[K], undefined>;

/** The members of a session besides its attributes. */
export interface SessionMembers<T> {
  /** The value of an attribute, or `fallback` if the session does not have the attribute. */
  get<K extends Name<T>>(key: K): T[K] | undefined;
  get<K extends Name<T>>(key: K, fallback: Value<T, K>): Value<T, K>;
  get<K extends Name<T>, Other>(key: K, fallback: Other): Value<T, K> | Other;
  has(key: Name<T>): boolean;
  /** Sets an attribute, which ends after `timeout` seconds, and at the latest with its session. */
  set<K extends Name<T>>(key: K, value: T[K], options?: { readonly timeout?: number }): void;
  /** Ends the session: its data and its cookie are removed. A later `Session()` begins a new one. */
  close(): void;
  /** Gives the session a new id; for use at login. */
  regenerate(): void;
  /** true: the session and its cookie last for `session.remember_me_timeout`. */
  remember: boolean;
  /** The options of this session's cookie. */
  cookie: { -readonly [K in keyof CookieOptions]: CookieOptions[K] };
  /** Sets a value that is kept until it is read once. */
  flash(key: string, value: unknown): void;
  /** Reads and removes such a value; undefined without one. */
  // biome-ignore lint/suspicious/noExplicitAny: it is what the page has put there
  flash(key: string): any;
  /** Writes the session now and releases its lock. Later changes are merged attribute by attribute. */
  save(): Promise<void>;
  /**
   * Changes the newest data under a short lock.
   * @param change gets the attributes as a plain object, in which a missing attribute is undefined
   * @returns the result of `change`
   */
  update<Result>(change: (data: Partial<T>) => Result): Promise<Awaited<Result>>;
  readonly id: string;
  /** Whether this request has begun the session. */
  readonly is_new: boolean;
  readonly created: Date;
  /** The deadline; null: the session does not expire. */
  readonly expires: Date | null;
}

/** A session: its members, and its attributes under their own names. */
export type OpenSession<T> = SessionMembers<T> & T;

/** A session that a page only reads. */
export type ReadOnlySession<T> = SessionMembers<T> & Readonly<T>;

export declare function Session<T extends object = SharedAttributes>(
  options: SessionOptions & { readonly read_only: true },
): ReadOnlySession<T>;
export declare function Session<T extends object = SharedAttributes>(
  options?: SessionOptions,
): OpenSession<T>;

/**
 * The typed module of a page has `delete deletable(x).name` in place of `delete x.name`, because attributes of a session can be
 * deleted even if their type is not optional: reading a deleted one throws.
 */
export declare function deletable<T>(
  value: T,
): T extends SessionMembers<infer Data> ? SessionMembers<Data> & Partial<Data> : T;
