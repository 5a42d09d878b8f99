// The Set-Cookie values of a session that lives in its visitor's cookies: only what the visitor lacks, so that a page
// that changes nothing never undoes what another one wrote meanwhile.

import { Problem } from '../../diagnostics/problem.ts';
import { encodeAttribute } from '../format/codec/encode-values.ts';
import { parsedRecord } from '../format/serialized-record.ts';
import type { Attributes, CookieSettings, SessionRecord } from '../format/session-record.ts';
import { cookieMaxAge } from '../request/lifetime.ts';
import type { SessionState } from '../request/session-state.ts';
import type { ClientStore, MaybePromise } from '../session-store.ts';
import { termCookieName } from './cookie-values.ts';
import { cookieSettings, removeCookie, setCookie } from './session-cookie.ts';

/** Browsers refuse a cookie that is longer, with its name and attributes. */
const MOST_BYTES = 4096;

/** Browsers keep no cookie longer: 400 days. */
const LONGEST_SECONDS = 34_560_000;

/** So many attributes are named when it is too big. */
const NAMED = 3;

/** What is to be sent, and whom to tell that it was. */
interface Sendable {
  readonly cookies: string[];
  sent(): void;
}

/** What to send of an open session; undefined when nothing is stored under its id. */
export async function carriedCookies(
  state: SessionState,
  carried: ClientStore,
): Promise<string[] | undefined> {
  const sendable = await sendableOf(state, carried);
  sendable?.sent();
  return sendable?.cookies;
}

/** After save() and update(): what they stored is to reach the visitor, or the page hears it now. */
export async function assertSendable(state: SessionState): Promise<void> {
  const { clientStore: carried } = state.site;
  if (carried === undefined || state.closed) return;
  if (carried.hasSent) await assertNothingUnsent([state]);
  else await sendableOf(state, carried);
}

async function sendableOf(state: SessionState, carried: ClientStore): Promise<Sendable | undefined> {
  const { record, request, site } = state;
  const { session } = site.config;
  const { name } = session.cookie;
  const settings = cookieSettings(record, session);
  const until = browserKeepsUntil(state, carried, settings);
  const outgoing = await carried.outgoing(state.key, until);
  if (outgoing === undefined) return undefined;
  const { entry, term, sent } = outgoing;
  if (entry !== undefined) {
    const max_age = until === 0 ? null : secondsOfData(state);
    const cookie = setCookie({ name, value: `${state.id}.${entry}`, max_age }, settings, request.secure);
    assertFits(cookie, record);
    return { cookies: [...removalsElsewhere(state, carried, settings), cookie], sent };
  }
  if (term === undefined) return { cookies: [], sent };
  const max_age = until === 0 ? null : Math.ceil((until - site.now()) / 1000);
  const cookie = setCookie({ name: termCookieName(name), value: term, max_age }, settings, request.secure);
  return { cookies: [cookie], sent };
}

/** After the cookies of these sessions were made: throws when what changed since then is lost without another one. */
export function assertNothingUnsent(states: readonly SessionState[]): MaybePromise<void> {
  const last = states.at(-1);
  const carried = last?.site.clientStore;
  if (last === undefined || carried === undefined || last.closed) return undefined;
  return carried.outgoing(last.key, carried.until).then((outgoing) => {
    if (outgoing?.entry !== undefined) last.assertStorable('the session');
  });
}

/** When the session ends because its cookie would have ended in the browser; 0: when that closes. */
function browserKeepsUntil(state: SessionState, { until }: ClientStore, settings: CookieSettings): number {
  if (settings.timeout === null) return 0;
  if (!state.announce && until !== 0) return until;
  return state.site.now() + cookieMaxAge(settings.timeout, state.site.config.session) * 1000;
}

/** How long a browser keeps the data, which is not sent again while it stays the same: the deadlines in it end it. */
function secondsOfData({ record, site }: SessionState): number {
  const { max_age } = site.config.session;
  if (max_age === 0) return LONGEST_SECONDS;
  return Math.min(LONGEST_SECONDS, Math.ceil((record.created - site.now()) / 1000 + max_age));
}

/** When s.cookie gave it another path or domain: the former cookies would stay beside it, with former data. */
function removalsElsewhere(state: SessionState, carried: ClientStore, settings: CookieSettings): string[] {
  const former = carried.presented === undefined ? undefined : parsedRecord(carried.presented);
  if (former === undefined) return [];
  const { session } = state.site.config;
  const before = cookieSettings(former, session);
  if (before.path === settings.path && before.domain === settings.domain) return [];
  const { name } = session.cookie;
  return [name, termCookieName(name)].map((cookie) => removeCookie(cookie, before, state.request.secure));
}

function assertFits(cookie: string, record: SessionRecord): void {
  const size = Buffer.byteLength(cookie);
  if (size <= MOST_BYTES) return;
  const sizes = [...attributeSizes(record.data, 's.'), ...attributeSizes(record.flash, 'flash ')];
  const biggest = sizes.sort((a, b) => b.bytes - a.bytes).slice(0, NAMED);
  const named = biggest.map(({ path, bytes }) => `${path} (${bytes} bytes)`).join(', ');
  const params = { size, most: MOST_BYTES, biggest: named };
  throw new Problem('session-cookie-too-big', { params, value: biggest[0]?.path });
}

function attributeSizes(attributes: Attributes, prefix: string): { path: string; bytes: number }[] {
  return Object.keys(attributes).map((key) => ({
    path: prefix + key,
    bytes: Buffer.byteLength(encodeAttribute(attributes, key, prefix)),
  }));
}
