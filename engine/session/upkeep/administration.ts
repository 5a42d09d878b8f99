// Looking after the stored sessions, for `karrigell sessions`. There may be millions of them: nothing is gathered, and who
// asks for one session does not read the others.

import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { Problem } from '../../diagnostics/problem.ts';
import { plainCopy } from '../format/session-record.ts';
import { acquireLock } from '../lock/session-lock.ts';
import { removedUntil } from '../request/lifetime.ts';
import type { SessionContext } from '../session-context.ts';
import type { SessionAdministration, SessionSummary, WorkOptions } from '../session-types.ts';
import { inParallel } from './in-parallel.ts';

/** A key is a SHA-256 in hexadecimal. */
const KEY_DIGITS = 64;
const BEGINNING = /^[0-9a-f]{1,64}$/;
const NOBODYS_KEY = '0'.repeat(KEY_DIGITS);

/** Of the keys that begin alike so many are looked for, and shown with so many digits more. */
const AMBIGUOUS_KEYS = 3;
const MORE_DIGITS = 8;

/** Sessions that are removed at the same time: most of it is waiting for the store. */
const WIDTH = 8;

/** The administration of one server's store. */
export function administrationOf(site: SessionContext): SessionAdministration {
  return {
    list: (work) => summaries(site, work),
    show: (key) => show(site, key),
    delete: (key) => deleteSession(site, key),
    clear: (work) => clear(site, work),
    gc: (work) => sweepAll(site, work),
  };
}

async function* summaries(
  site: SessionContext,
  { signal, progress }: WorkOptions = {},
): AsyncGenerator<SessionSummary> {
  const total = progress && (await sizeOf(site));
  let listed = 0;
  for await (const { key, content, deadline, size } of site.store.list()) {
    if (signal?.aborted) return;
    yield { key, size, created: content?.created, expires: deadline };
    progress?.(++listed, total);
  }
}

async function show(site: SessionContext, beginning: string): Promise<Record<string, unknown> | undefined> {
  const key = await keyBeginning(site, beginning);
  if (key === undefined) return undefined;
  const found = await site.store.read(key);
  return found.state === 'live' ? plainCopy(found.content.data) : undefined;
}

async function deleteSession(site: SessionContext, beginning: string): Promise<boolean> {
  const key = await keyBeginning(site, beginning);
  return key === undefined ? false : remove(site, key);
}

/** A session that a page holds for too long does not keep the others. */
async function clear(site: SessionContext, { signal, progress }: WorkOptions = {}): Promise<number> {
  const total = progress && (await sizeOf(site));
  let removed = 0;
  let kept = 0;
  const removeOne = async ({ key }: { readonly key: string }) => {
    try {
      if (await remove(site, key)) removed++;
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'session-locked') throw error;
      kept++;
    }
    progress?.(removed + kept, total);
  };
  await inParallel(site.store.list(), WIDTH, removeOne, signal);
  if (kept > 0) throw new Problem('sessions-in-use', { params: { kept, removed } });
  return removed;
}

async function remove(site: SessionContext, key: string): Promise<boolean> {
  const patience = site.config.session.lock_timeout;
  const held = await acquireLock(site, key, {
    page: 'karrigell sessions',
    timeoutSeconds: patience,
    mayCreate: false,
  });
  const there = held.found.state === 'live';
  const outcome = await held.release(
    there ? { kind: 'remove', until: removedUntil(site.now()) } : { kind: 'keep' },
  );
  return there && outcome === 'done';
}

/**
 * Where a step removes only so many, each is taken until it leaves none. A sweep passes over a store that is away, since
 * visitors hear of that; who asks for it here hears it from a read.
 */
async function sweepAll(
  { store, openClientStore: carrier }: SessionContext,
  { signal, progress }: WorkOptions = {},
): Promise<number> {
  if (carrier !== undefined) throw new Problem('sessions-in-cookies');
  await store.read(NOBODYS_KEY);
  const { sweepSteps: steps, sweepLimit: limit = Number.POSITIVE_INFINITY } = store;
  let removed = 0;
  for (let step = 0; step < steps && !signal?.aborted; ) {
    const last = await store.sweep(step, signal);
    removed += last;
    // A store in memory answers without a turn of the event loop, and would keep the signal from being heard.
    await turnOfLoop();
    if (last < limit) step++;
    if (steps > 1) progress?.(step, steps);
    else progress?.(removed, undefined);
  }
  return removed;
}

/** The one key that begins so; undefined when there is none. */
async function keyBeginning(
  { store, openClientStore: carrier }: SessionContext,
  beginning: string,
): Promise<string | undefined> {
  if (carrier !== undefined) throw new Problem('sessions-in-cookies');
  if (!BEGINNING.test(beginning)) throw new Problem('session-key-invalid', { params: { key: beginning } });
  if (beginning.length === KEY_DIGITS) return beginning;
  const keys: string[] = [];
  for await (const { key } of store.list(beginning)) {
    if (key.startsWith(beginning) && keys.push(key) === AMBIGUOUS_KEYS) break;
  }
  if (keys.length < 2) return keys[0];
  const shown = keys.map((key) => key.slice(0, beginning.length + MORE_DIGITS));
  if (keys.length === AMBIGUOUS_KEYS) shown.push('…');
  throw new Problem('session-key-ambiguous', { params: { key: beginning, keys: shown.join(', ') } });
}

/** Only how far the work has come depends on it, so a store that cannot tell now stops nothing. */
async function sizeOf({ store }: SessionContext): Promise<number | undefined> {
  try {
    return await store.size?.();
  } catch {
    return undefined;
  }
}
