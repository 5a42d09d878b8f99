// The Set-Cookie values of a session that is kept in cookies. The response sends only what the client lacks, so that a page that
// changes nothing never replaces what another request wrote meanwhile.

import { Problem } from '../../diagnostics/problem.ts';
import { encodeAttribute } from '../format/codec/encode-values.ts';
import { parsedRecord, serializedRecord } from '../format/serialized-store.ts';
import type { Attributes, CookieSettings, SessionRecord } from '../format/session-record.ts';
import { dropOldestForm } from '../request/kept-forms.ts';
import { cookieMaxAge } from '../request/lifetime.ts';
import type { SessionState } from '../request/session-state.ts';
import type { ClientStore, MaybePromise } from '../session-store.ts';
import { termCookieName } from './cookie-values.ts';
import { cookieSettings, removeCookie, setCookie } from './session-cookie.ts';

/** Browsers refuse longer cookies, name and attributes included (RFC 6265, section 6.1). */
const MAX_BYTES = 4096;

/** Browsers keep no cookie for longer: 400 days (RFC 6265bis, section 5.5). */
const MAX_SECONDS = 34_560_000;

/** The number of attributes that the error of a cookie that is too big names. */
const NAMED_ATTRIBUTES = 3;

/** Cookies, and how to note that they are sent. */
interface Sendable {
  readonly cookies: string[];
  sent(): void;
}

/** The cookies of an open session; undefined: there is no entry under its id. */
export async function clientCookies(
  state: SessionState,
  clientStore: ClientStore,
): Promise<string[] | undefined> {
  const sendable = await sendableOf(state, clientStore);
  sendable?.sent();
  return sendable?.cookies;
}

/** After save() and update(): throws if the client cannot get what they stored. */
export async function assertSendable(state: SessionState): Promise<void> {
  const { clientStore } = state.context;
  if (clientStore === undefined || state.closed) return;
  if (clientStore.hasSent) await assertNothingUnsent(state);
  else await sendableOf(state, clientStore);
}

async function sendableOf(state: SessionState, clientStore: ClientStore): Promise<Sendable | undefined> {
  const { record, request, context } = state;
  const { session } = context.config;
  const { name } = session.cookie;
  const settings = cookieSettings(record, session);
  const until = browserKeepsUntil(state, clientStore, settings);
  const outgoing = await clientStore.outgoing(state.key, until);
  if (outgoing === undefined) return undefined;
  const { entry, term, sent } = outgoing;
  if (entry !== undefined) {
    const max_age = until === 0 ? null : dataMaxAge(state);
    const cookie = setCookie({ name, value: `${state.id}.${entry}`, max_age }, settings, request.secure);
    if (Buffer.byteLength(cookie) > MAX_BYTES) {
      if (!dropOldestForm(record)) throw tooBig(cookie, record);
      await clientStore.create(state.key, serializedRecord(record), state.deadline);
      return sendableOf(state, clientStore);
    }
    return { cookies: [...removalsElsewhere(state, clientStore, settings), cookie], sent };
  }
  if (term === undefined) return { cookies: [], sent };
  const max_age = until === 0 ? null : Math.ceil((until - context.now()) / 1000);
  const cookie = setCookie({ name: termCookieName(name), value: term, max_age }, settings, request.secure);
  return { cookies: [cookie], sent };
}

/** After the cookies of the response were made: throws if the session has changed since then. */
export function assertNothingUnsent(state: SessionState | undefined): MaybePromise<void> {
  const clientStore = state?.context.clientStore;
  if (state === undefined || clientStore === undefined || state.closed) return undefined;
  return clientStore.outgoing(state.key, clientStore.until).then((outgoing) => {
    if (outgoing?.entry !== undefined) state.assertStorable('the session');
  });
}

/** When the browser shall remove the cookie; 0: when the browser closes. */
function browserKeepsUntil(state: SessionState, { until }: ClientStore, settings: CookieSettings): number {
  if (settings.timeout === null) return 0;
  if (!state.cookieDue && until !== 0) return until;
  return state.context.now() + cookieMaxAge(settings.timeout, state.context.config.session) * 1000;
}

/** Max-Age of the data. It is long, because the deadlines in the data decide, and unchanged data are not sent again. */
function dataMaxAge({ record, context }: SessionState): number {
  const { max_age } = context.config.session;
  if (max_age === 0) return MAX_SECONDS;
  return Math.min(MAX_SECONDS, Math.ceil((record.created - context.now()) / 1000 + max_age));
}

/** If s.cookie has got another path or domain, the former cookies are removed: the browser would send them too. */
function removalsElsewhere(
  state: SessionState,
  clientStore: ClientStore,
  settings: CookieSettings,
): string[] {
  const former = clientStore.presented === undefined ? undefined : parsedRecord(clientStore.presented);
  if (former === undefined) return [];
  const { session } = state.context.config;
  const before = cookieSettings(former, session);
  if (before.path === settings.path && before.domain === settings.domain) return [];
  const { name } = session.cookie;
  return [name, termCookieName(name)].map((cookie) => removeCookie(cookie, before, state.request.secure));
}

function tooBig(cookie: string, record: SessionRecord): Problem {
  const size = Buffer.byteLength(cookie);
  const sizes = [...attributeSizes(record.data, 's.'), ...attributeSizes(record.flash, 'flash ')];
  const biggest = sizes.sort((a, b) => b.bytes - a.bytes).slice(0, NAMED_ATTRIBUTES);
  const named = biggest.map(({ path, bytes }) => `${path} (${bytes} bytes)`).join(', ');
  const params = { size, most: MAX_BYTES, biggest: named };
  return new Problem('session-cookie-too-big', { params, value: biggest[0]?.path });
}

function attributeSizes(attributes: Attributes, prefix: string): { path: string; bytes: number }[] {
  return Object.keys(attributes).map((key) => ({
    path: prefix + key,
    bytes: Buffer.byteLength(encodeAttribute(attributes, key, prefix)),
  }));
}
