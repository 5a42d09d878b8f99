// s.update(): a change of the newest data under a short lock of its own. If the request holds the lock already, it runs at once.

import { Problem } from '../../diagnostics/problem.ts';
import { assertSendable } from '../cookies/client-cookies.ts';
import { type Attributes, dropExpired, emptyRecord, type SessionRecord } from '../format/session-record.ts';
import { acquireForPage, pin, type SessionLock } from '../lock/session-lock.ts';
import { deadlineAfter, deadlineDue, isPastMaxAge } from '../request/lifetime.ts';
import { isIssuedWith } from '../request/session-id.ts';
import { adoptNewest } from '../request/session-merge.ts';
import type { SessionState } from '../request/session-state.ts';
import { SessionEndedError } from '../session-errors.ts';
import { callInOrder } from './ordered-calls.ts';

type Update = (data: Attributes) => unknown;

/** Calls a synchronous change with the newest data. The promise is fulfilled with its result once the data are stored. */
export function update(state: SessionState, change: Update): Promise<unknown> {
  state.assertNotInterrupted();
  return callInOrder(state, () => {
    if (state.closed || state.identity === 'retired') throw new SessionEndedError();
    state.assertStorable('the session');
    const isAlone = state.writable && !state.stored && state.identity !== 'fresh';
    return state.lock !== undefined || isAlone ? updateInPlace(state, change) : updateStored(state, change);
  });
}

/** The end of the request writes the change. */
function updateInPlace(state: SessionState, change: Update): unknown {
  state.noteChange();
  return applyUpdate(change, state.record);
}

async function updateStored(state: SessionState, change: Update): Promise<unknown> {
  const mayExist = state.stored || state.identity === 'fresh';
  const result = await (mayExist ? updateUnderLock(state, change) : createBy(state, change));
  if (state.stored) pin(state, false);
  await assertSendable(state);
  return result;
}

/** In a read-only page whose visitor has no session, the update creates one. */
async function createBy(state: SessionState, change: Update): Promise<unknown> {
  const { context, record } = state;
  state.assertCookieCanBeSent('an s.update() that begins a session');
  const result = applyUpdate(change, record);
  const deadline = deadlineAfter(context.now(), record, context.config.session);
  await context.store.create(state.key, record, deadline);
  state.stored = true;
  state.deadline = deadline;
  state.cookieDue = true;
  return result;
}

async function updateUnderLock(state: SessionState, change: Update): Promise<unknown> {
  const lock = await acquireForPage(state, state.replaced?.key ?? state.key);
  if (isIdForgotten(state, lock)) {
    await lock.release({ kind: 'keep' });
    state.setId(undefined);
    state.identity = 'unknown';
    return createBy(state, change);
  }
  const record = newestRecord(state, lock);
  if (record === undefined) {
    await lock.release({ kind: 'keep' });
    throw new SessionEndedError();
  }
  // If the change throws, what it has changed before is kept, as in a page.
  let settle: () => unknown;
  try {
    const result = applyUpdate(change, record);
    settle = () => result;
  } catch (error) {
    settle = () => {
      throw error;
    };
  }
  await writeUpdate(state, lock, record);
  return settle();
}

/** The id was fresh when the page began, but the store has lost all entries and its secret since then. */
function isIdForgotten({ id, context, stored }: SessionState, { entry }: SessionLock): boolean {
  return entry.state === 'absent' && !stored && !isIssuedWith(id, context.store.secret);
}

function newestRecord(state: SessionState, { entry }: SessionLock): SessionRecord | undefined {
  const now = state.context.now();
  if (entry.state === 'absent' && !state.stored)
    return { ...emptyRecord(now), cookie_sent: state.record.cookie_sent };
  if (entry.state !== 'live' || isPastMaxAge(now, entry.content, state.context.config.session))
    return undefined;
  dropExpired(entry.content, now);
  return entry.content;
}

async function writeUpdate(state: SessionState, lock: SessionLock, content: SessionRecord): Promise<void> {
  const { now, config } = state.context;
  const { entry } = lock;
  const isLive = entry.state === 'live';
  const deadline = isLive
    ? deadlineDue(now(), entry.deadline, content, config.session)
    : deadlineAfter(now(), content, config.session);
  const outcome = await lock.release({ kind: isLive ? 'write' : 'create', content, deadline });
  if (outcome === 'gone') throw new SessionEndedError();
  if (outcome === 'lost') throw new Problem('session-lock-lost');
  state.stored = true;
  state.deadline = deadline;
  adoptNewest(state, content);
}

/** The result of the change. An attribute that it assigns loses its own timeout. */
function applyUpdate(change: Update, record: SessionRecord): unknown {
  const timed = Object.keys(record.timeouts).map((key) => [key, record.data[key]] as const);
  const result = change(record.data);
  for (const [key, before] of timed) if (record.data[key] !== before) delete record.timeouts[key];
  if (result instanceof Promise) throw new Problem('session-update-async');
  return result;
}
