// What is kept of one session: its attributes and the few facts beside them. The deadline is the store's.

import type { SessionCookieConfig } from '../../../config/schema.ts';

/** Attributes by name, without a prototype: `__proto__` is a name like any other. */
export type Attributes = Record<string, unknown>;

/** The settings that one session may change for itself. */
export type CookieSettings = {
  -readonly [K in Exclude<keyof SessionCookieConfig, 'name' | 'when'>]: SessionCookieConfig[K];
};

/** One session as memory holds it; codec/ makes text of it. */
export interface SessionRecord {
  readonly data: Attributes;
  /** Values kept until they are read once. */
  readonly flash: Attributes;
  /** Deadlines of single attributes, milliseconds since 1970. */
  readonly timeouts: Record<string, number>;
  readonly created: number;
  remember: boolean;
  /** What differs from the configured cookie settings. */
  cookie: Partial<CookieSettings> | undefined;
  /** When the cookie was last sent, if it has a timeout; else 0. */
  cookie_sent: number;
}

/** A session that holds nothing yet. */
export function emptyRecord(now: number): SessionRecord {
  return {
    data: Object.create(null),
    flash: Object.create(null),
    timeouts: Object.create(null),
    created: now,
    remember: false,
    cookie: undefined,
    cookie_sent: 0,
  };
}

/** The same attributes in a record of their own: who holds the other one changes nothing here. */
export function ownCopy(record: SessionRecord): SessionRecord {
  const copy = <T>(section: Record<string, T>): Record<string, T> =>
    Object.assign(Object.create(null), section);
  return {
    ...record,
    data: copy(record.data),
    flash: copy(record.flash),
    timeouts: copy(record.timeouts),
  };
}

/** Removes the attributes whose own timeout is over. */
export function dropExpired(record: SessionRecord, now: number): void {
  for (const key in record.timeouts) {
    if ((record.timeouts[key] ?? 0) > now) continue;
    delete record.timeouts[key];
    delete record.data[key];
  }
}

/** The attributes in an object of their own, with the usual prototype. */
export function plainCopy(data: Attributes): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data));
}
