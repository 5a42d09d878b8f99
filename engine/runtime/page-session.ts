// The type of what `Session()` gives to a page (contract section 7). Declarations only.

import type { CookieOptions, SessionOptions } from './page-types.ts';

declare global {
  /** A site adds its attributes to it. */
  interface SessionData {}
}

/** Attributes of sessions that nobody has typed. */
// biome-ignore lint/suspicious/noExplicitAny: any attribute can be set and read, as in the session itself
type AnyAttributes = Record<string, any>;

/** What `Session()` holds without a type of its own: SessionData, if a site declares it. */
export type SharedAttributes = keyof SessionData extends never ? AnyAttributes : SessionData;

type Name<T> = keyof T & string;
type Value<T, K extends keyof T> = Exclude<T[K], undefined>;

/** The members of a session beside its attributes. */
export interface SessionMembers<T> {
  /** Reads without throwing. */
  get<K extends Name<T>>(key: K): T[K] | undefined;
  get<K extends Name<T>>(key: K, fallback: Value<T, K>): Value<T, K>;
  get<K extends Name<T>, Other>(key: K, fallback: Other): Value<T, K> | Other;
  has(key: Name<T>): boolean;
  /** `timeout` in seconds: the key ends after it, at the latest with its session. */
  set<K extends Name<T>>(key: K, value: T[K], options?: { readonly timeout?: number }): void;
  close(): void;
  regenerate(): void;
  remember: boolean;
  /** Settings of this session's cookie alone. */
  cookie: { -readonly [K in keyof CookieOptions]: CookieOptions[K] };
  /** Kept until read once. */
  flash(key: string, value: unknown): void;
  // biome-ignore lint/suspicious/noExplicitAny: it is what the page has put there
  flash(key: string): any;
  save(): Promise<void>;
  /** `data` is a plain object: a missing key is undefined. */
  update<Result>(change: (data: Partial<T>) => Result): Promise<Awaited<Result>>;
  readonly id: string;
  readonly is_new: boolean;
  readonly created: Date;
  readonly expires: Date | null;
}

/** A session: its members, and its attributes under their own names. */
export type OpenSession<T> = SessionMembers<T> & T;

/** A session that is only looked at. */
export type ReadOnlySession<T> = SessionMembers<T> & Readonly<T>;

export declare function Session<T extends object = SharedAttributes>(
  options: SessionOptions & { readonly read_only: true },
): ReadOnlySession<T>;
export declare function Session<T extends object = SharedAttributes>(
  options?: SessionOptions,
): OpenSession<T>;

/**
 * What `delete x.name` becomes `delete deletable(x).name` for: every attribute of a session can be deleted, also one
 * that is not optional, because reading it afterwards throws.
 */
export declare function deletable<T>(
  value: T,
): T extends SessionMembers<infer Data> ? SessionMembers<Data> & Partial<Data> : T;
