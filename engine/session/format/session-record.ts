// The content of a session: its attributes and the few facts beside them. The store keeps the deadline apart from it.

import type { SessionCookieConfig } from '../../../config/schema.ts';
import type { KeptForm } from '../../forms/kept-form.ts';

/** Attributes by name, in an object without prototype: `__proto__` is a name like any other. */
export type Attributes = Record<string, unknown>;

/** The cookie settings that a session may change for itself. */
export type CookieSettings = {
  -readonly [K in Exclude<keyof SessionCookieConfig, 'name' | 'when'>]: SessionCookieConfig[K];
};

/** The content of a session. The memory store keeps it as it is, other stores as text. */
export interface SessionRecord {
  readonly data: Attributes;
  /** Values that are kept until they are read once. */
  readonly flash: Attributes;
  /** Forms that are shown again, by the place of their page. A kept form never changes. */
  readonly forms: Record<string, KeptForm>;
  /** The deadlines of single attributes, in ms since 1970. */
  readonly timeouts: Record<string, number>;
  /** When the session began, in ms since 1970. */
  readonly created: number;
  remember: boolean;
  /** The settings that differ from the configured ones. */
  cookie: Partial<CookieSettings> | undefined;
  /** When the cookie was last sent, in ms since 1970; 0: the cookie has no timeout. */
  cookie_sent: number;
}

export function emptyRecord(now: number): SessionRecord {
  return {
    data: Object.create(null),
    flash: Object.create(null),
    forms: Object.create(null),
    timeouts: Object.create(null),
    created: now,
    remember: false,
    cookie: undefined,
    cookie_sent: 0,
  };
}

/** A record with the same values, in which attributes can be set without an effect on the other one. */
export function ownCopy(record: SessionRecord): SessionRecord {
  const copy = <T>(section: Record<string, T>): Record<string, T> =>
    Object.assign(Object.create(null), section);
  return {
    ...record,
    data: copy(record.data),
    flash: copy(record.flash),
    forms: copy(record.forms),
    timeouts: copy(record.timeouts),
  };
}

/** Removes attributes and kept forms past their own deadline. */
export function dropExpired(record: SessionRecord, now: number): void {
  for (const key in record.timeouts) {
    if ((record.timeouts[key] ?? 0) > now) continue;
    delete record.timeouts[key];
    delete record.data[key];
  }
  for (const place in record.forms) if ((record.forms[place]?.until ?? 0) <= now) delete record.forms[place];
}

/** The attributes in an object with the usual prototype. */
export function plainCopy(data: Attributes): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data));
}
