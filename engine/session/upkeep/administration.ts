// The administration of stored sessions, for `karrigell sessions`. There may be millions of them, so no list of them is built,
// and a query for one session does not read the others.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { Problem } from '../../diagnostics/problem.ts';
import { plainCopy } from '../format/session-record.ts';
import { acquireLock } from '../lock/session-lock.ts';
import { removedUntil } from '../request/lifetime.ts';
import type { SessionContext } from '../session-context.ts';
import type { SessionAdministration, SessionSummary, WorkOptions } from '../session-types.ts';

/** A key is a SHA-256 in hexadecimal. */
const KEY_DIGITS = 64;
const KEY_PREFIX = /^[0-9a-f]{1,64}$/;
const UNUSED_KEY = '0'.repeat(KEY_DIGITS);

/** The number of keys that the error of an ambiguous prefix shows, and their further digits. */
const AMBIGUOUS_KEYS = 3;
const FURTHER_DIGITS = 8;

/** Sessions that are removed at the same time, because a removal mostly waits for the store. */
const WIDTH = 8;

/** The administration of one server's store. */
export function administrationOf(context: SessionContext): SessionAdministration {
  return {
    list: (work) => summaries(context, work),
    show: (key) => show(context, key),
    delete: (key) => deleteSession(context, key),
    clear: (work) => clear(context, work),
    gc: (work) => sweepAll(context, work),
  };
}

async function* summaries(
  context: SessionContext,
  { signal, progress }: WorkOptions = {},
): AsyncGenerator<SessionSummary> {
  const total = progress && (await sizeOf(context));
  let listed = 0;
  for await (const { key, content, deadline, size } of context.store.list()) {
    if (signal?.aborted) return;
    yield { key, size, created: content?.created, expires: deadline };
    progress?.(++listed, total);
  }
}

async function show(context: SessionContext, prefix: string): Promise<Record<string, unknown> | undefined> {
  const key = await keyWithPrefix(context, prefix);
  if (key === undefined) return undefined;
  const entry = await context.store.read(key);
  return entry.state === 'live' ? plainCopy(entry.content.data) : undefined;
}

async function deleteSession(context: SessionContext, prefix: string): Promise<boolean> {
  const key = await keyWithPrefix(context, prefix);
  return key === undefined ? false : remove(context, key);
}

/** Sessions whose lock a page holds for too long are left; the error tells their number. */
async function clear(context: SessionContext, { signal, progress }: WorkOptions = {}): Promise<number> {
  const total = progress && (await sizeOf(context));
  let removed = 0;
  let kept = 0;
  const removeOne = async ({ key }: { readonly key: string }) => {
    try {
      if (await remove(context, key)) removed++;
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'session-locked') throw error;
      kept++;
    }
    progress?.(removed + kept, total);
  };
  await inParallel(context.store.list(), WIDTH, removeOne, signal);
  if (kept > 0) throw new Problem('sessions-in-use', { params: { kept, removed } });
  return removed;
}

async function remove(context: SessionContext, key: string): Promise<boolean> {
  const timeoutSeconds = context.config.session.lock_timeout;
  const request = { page: 'karrigell sessions', timeoutSeconds, mayCreate: false };
  const lock = await acquireLock(context, key, request);
  const isLive = lock.entry.state === 'live';
  const until = removedUntil(context.now());
  const outcome = await lock.release(isLive ? { kind: 'remove', until } : { kind: 'keep' });
  return isLive && outcome === 'done';
}

/** Repeats each step until it stays below its limit. A sweep of an unavailable store does nothing, so a read reports that first. */
async function sweepAll(
  { store, base, openClientStore }: SessionContext,
  { signal, progress }: WorkOptions = {},
): Promise<number> {
  if (openClientStore !== undefined) throw new Problem('sessions-in-cookies');
  await store.read(UNUSED_KEY);
  const { sweepSteps: steps, sweepLimit: limit = Number.POSITIVE_INFINITY } = base;
  let removed = 0;
  for (let step = 0; step < steps && !signal?.aborted; ) {
    const last = await base.sweep(step, signal);
    removed += last;
    // The memory store makes no promise, so without this pause the signal could not be aborted.
    await nextTurn();
    if (last < limit) step++;
    if (steps > 1) progress?.(step, steps);
    else progress?.(removed, undefined);
  }
  return removed;
}

/** The key with this prefix; undefined: there is none. */
async function keyWithPrefix(
  { store, openClientStore }: SessionContext,
  prefix: string,
): Promise<string | undefined> {
  if (openClientStore !== undefined) throw new Problem('sessions-in-cookies');
  if (!KEY_PREFIX.test(prefix)) throw new Problem('session-key-invalid', { params: { key: prefix } });
  if (prefix.length === KEY_DIGITS) return prefix;
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) {
    if (key.startsWith(prefix) && keys.push(key) === AMBIGUOUS_KEYS) break;
  }
  if (keys.length < 2) return keys[0];
  const shown = keys.map((key) => key.slice(0, prefix.length + FURTHER_DIGITS));
  if (keys.length === AMBIGUOUS_KEYS) shown.push('…');
  throw new Problem('session-key-ambiguous', { params: { key: prefix, keys: shown.join(', ') } });
}

/** The total for the progress alone, so an error of the store is ignored. */
async function sizeOf({ base }: SessionContext): Promise<number | undefined> {
  try {
    return await base.size?.();
  } catch {
    return undefined;
  }
}

/**
 * Calls `work` for each item, for at most `width` items at the same time. After an error, or when the signal is aborted, no
 * further call begins, and the running ones are awaited.
 */
export async function inParallel<Item>(
  items: AsyncIterable<Item>,
  width: number,
  work: (item: Item) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  let failed = false;
  const worker = async () => {
    try {
      while (!failed && !signal?.aborted) {
        const next = await iterator.next();
        if (next.done) return;
        await work(next.value);
      }
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: width }, worker));
  await iterator.return?.();
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
