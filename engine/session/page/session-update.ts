// s.update(): changes the newest data under a short lock of its own. Under the request's own lock it runs at once.

import { Problem } from '../../diagnostics/problem.ts';
import { assertSendable } from '../cookies/client-cookies.ts';
import { type Attributes, dropExpired, emptyRecord, type SessionRecord } from '../format/session-record.ts';
import { lockRequestOf } from '../lock/lock-end.ts';
import { acquireLock, type SessionLock } from '../lock/session-lock.ts';
import { deadlineAfter, deadlineDue, isTooOld } from '../request/lifetime.ts';
import { pin } from '../request/pin.ts';
import { isIssuedWith } from '../request/session-id.ts';
import { adoptNewest } from '../request/session-merge.ts';
import type { SessionState } from '../request/session-state.ts';
import { SessionEndedError } from '../session-errors.ts';
import type { Change } from '../session-store.ts';
import { inOrder } from './ordered-calls.ts';

type Update = (data: Attributes) => unknown;

/** Runs a synchronous change on the newest data; resolves to what it returns, once it is stored. */
export function update(state: SessionState, change: Update): Promise<unknown> {
  state.assertNotInterrupted();
  return inOrder(state, () => {
    if (state.closed || state.identity === 'retired') throw new SessionEndedError();
    state.assertStorable('the session');
    const ours = state.held !== undefined || (state.writable && !state.stored && state.identity !== 'fresh');
    if (ours) return updateOwn(state, change);
    return updateByItself(state, change);
  });
}

async function updateByItself(state: SessionState, change: Update): Promise<unknown> {
  const inTurn = state.stored || state.identity === 'fresh';
  const result = await (inTurn ? updateInTurn(state, change) : beginBy(state, change));
  if (state.stored) pin(state, false);
  await assertSendable(state);
  return result;
}

function updateOwn(state: SessionState, change: Update): unknown {
  state.noteChange();
  return changedBy(change, state.record);
}

/** A read-only page of a visitor without a session: the update begins one. */
async function beginBy(state: SessionState, change: Update): Promise<unknown> {
  const { site, record } = state;
  state.assertCookieCanBeSent('an s.update() that begins a session');
  const result = changedBy(change, record);
  const deadline = deadlineAfter(site.now(), record, site.config.session);
  await site.store.create(state.key, record, deadline);
  state.stored = true;
  state.deadline = deadline;
  state.announce = true;
  return result;
}

async function updateInTurn(state: SessionState, change: Update): Promise<unknown> {
  const held = await acquireLock(state.site, state.replaced?.key ?? state.key, lockRequestOf(state));
  if (hasLostItsId(state, held)) {
    await held.release({ kind: 'keep' });
    state.present(undefined, undefined);
    state.identity = 'unknown';
    return beginBy(state, change);
  }
  const record = newestRecord(state, held);
  if (record === undefined) {
    await held.release({ kind: 'keep' });
    throw new SessionEndedError();
  }
  let result: unknown;
  let failure: { readonly error: unknown } | undefined;
  try {
    result = changedBy(change, record);
  } catch (error) {
    // What it changed before its error is kept, as in a page.
    failure = { error };
  }
  await commitUpdate(state, held, record);
  if (failure !== undefined) throw failure.error;
  return result;
}

/** Its id was fresh when the page began; by now it turned out that the store has forgotten all sessions, and the secret. */
function hasLostItsId({ id, site, stored }: SessionState, { found }: SessionLock): boolean {
  return found.state === 'absent' && !stored && !isIssuedWith(id, site.store.secret);
}

function newestRecord(state: SessionState, held: SessionLock): SessionRecord | undefined {
  const { found } = held;
  const now = state.site.now();
  if (found.state === 'absent' && !state.stored) {
    return { ...emptyRecord(now), cookie_sent: state.record.cookie_sent };
  }
  if (found.state !== 'live' || isTooOld(now, found.content, state.site.config.session)) return undefined;
  dropExpired(found.content, now);
  return found.content;
}

async function commitUpdate(state: SessionState, held: SessionLock, content: SessionRecord): Promise<void> {
  const { session } = state.site.config;
  const now = state.site.now();
  const { found } = held;
  const deadline =
    found.state === 'live'
      ? deadlineDue(now, found.deadline, content, session)
      : deadlineAfter(now, content, session);
  const change: Change<SessionRecord> = {
    kind: found.state === 'live' ? 'write' : 'create',
    content,
    deadline,
  };
  const outcome = await held.release(change);
  if (outcome === 'gone') throw new SessionEndedError();
  if (outcome === 'lost') throw new Problem('session-lock-lost');
  state.stored = true;
  state.deadline = deadline;
  adoptNewest(state, content);
}

/** What the change returns; an attribute that it assigned anew loses its own timeout. */
function changedBy(change: Update, record: SessionRecord): unknown {
  const timed = Object.keys(record.timeouts).map((key) => [key, record.data[key]] as const);
  const result = change(record.data);
  for (const [key, before] of timed) if (record.data[key] !== before) delete record.timeouts[key];
  if (result instanceof Promise) throw new Problem('session-update-async');
  return result;
}
