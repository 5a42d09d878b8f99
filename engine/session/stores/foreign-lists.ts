// What foreign code gives many of: the entries of a list, gone over so that neither a long one nor one without an end keeps
// others from their work, and how many entries a sweep has removed.

import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { asked, refused } from './failure.ts';

/** Of a list that is in memory so many are given before others go on. */
const GIVEN_AT_ONCE = 200;

/** What the store of this name lists. Only Problems come back, and each entry within two seconds. */
export async function* askedList<Entry>(
  store: string,
  list: () => Iterable<Entry> | AsyncIterable<Entry> | undefined,
): AsyncGenerator<Entry> {
  const iterator = iteratorOf(await asked(store, 'list', list));
  if (iterator === undefined) throw refused(store, 'list', 'it must give what can be iterated over');
  try {
    for (let given = 1; ; given++) {
      const next = await asked(store, 'list', () => iterator.next());
      if (next.done) return;
      yield next.value;
      if (given % GIVEN_AT_ONCE === 0) await turnOfLoop();
    }
  } finally {
    await asked(store, 'list', () => iterator.return?.());
  }
}

/** How many entries the store of this name says that it has removed; without a word, none. */
export async function askedSweep(store: string, sweep: () => unknown): Promise<number> {
  const removed = Number((await asked(store, 'sweep', sweep)) ?? 0);
  if (Number.isFinite(removed)) return removed;
  throw refused(store, 'sweep', 'it must give how many entries it has removed');
}

/** Types of foreign code are not to be relied on: it may be JavaScript. */
function iteratorOf<Entry>(
  entries: Iterable<Entry> | AsyncIterable<Entry> | null | undefined,
): Iterator<Entry> | AsyncIterator<Entry> | undefined {
  if (typeof entries !== 'object' || entries === null) return undefined;
  if (Symbol.asyncIterator in entries) return entries[Symbol.asyncIterator]();
  return Symbol.iterator in entries ? entries[Symbol.iterator]() : undefined;
}
