// A filled store for the measurements: its sessions as requests use them, and its sweep.

import { configFrom } from '../../config/load-config.ts';
import type { SessionRecord } from '../../engine/session/format/session-record.ts';
import { openSessions, type Sessions } from '../../engine/session/index.ts';
import type { SessionStore } from '../../engine/session/session-store.ts';
import { MemoryStore } from '../../engine/session/stores/memory/memory-store.ts';
import { openStore } from '../../engine/session/stores/store-catalogue.ts';
import { type Place, placeOf } from './places.ts';
import { visit } from './visit.ts';
import { deadlineOf, type Filling, filling, recordWith, someCookie } from './visitors.ts';

/** A store with `count` sessions. */
export interface FilledStore {
  readonly count: number;
  readonly sessions: Sessions;
  /** The store that is swept. In memory it is a second one, because only the requests have access to theirs. */
  readonly swept: Pick<SessionStore<unknown>, 'sweep' | 'sweepSteps' | 'sweepLimit'>;
  /** The cookie of a visitor whose session is in the store. */
  someCookie(): string;
  /** Adds expired sessions: one for every fifty of the store. Returns their number. */
  addExpired(): Promise<number>;
  remove(): Promise<void>;
}

/** Opens and fills a store. */
export async function openFilledStore(store: string, folder: string, count: number): Promise<FilledStore> {
  return store === 'memory' ? filledMemoryStore(count) : filledPlace(store, folder, count);
}

async function filledPlace(storeName: string, folder: string, count: number): Promise<FilledStore> {
  const place = await placeOf(storeName, folder, `of_${count}`);
  try {
    return await filledStoreAt(place, folder, count);
  } catch (error) {
    await place.remove();
    throw error;
  }
}

async function filledStoreAt(place: Place, folder: string, count: number): Promise<FilledStore> {
  const environment = { base_dir: folder, log: console.error };
  const { store } = await openStore(place.config, environment);
  let last = count;
  await place.fill(fillings(0, count, false), store);
  const sessions = await openSessions(configuration({ persistent_session: place.config }), environment);
  return {
    count,
    sessions,
    swept: store,
    someCookie: () => someCookie(count),
    async addExpired() {
      const first = last;
      last += overOf(count);
      await place.fill(fillings(first, last, true), store);
      return last - first;
    },
    async remove() {
      await sessions.close();
      await store.close();
      await place.remove();
    },
  };
}

async function filledMemoryStore(count: number): Promise<FilledStore> {
  // New visitors during the measurement evict no session.
  const config = configuration({ persistent_session: false, max_sessions: count * 2 });
  const sessions = await openSessions(config, { base_dir: '.', log: console.error });
  const store = new MemoryStore<SessionRecord>(count * 2, Date.now);
  const cookies: string[] = [];
  let last = 0;
  const put = (end: number, isOver: boolean) => {
    for (; last < end; last++) {
      store.create(filling(last, isOver).key, recordWith(last), deadlineOf(last, isOver));
    }
  };
  put(count, false);
  for (let number = 0; number < count; number++) {
    const begun = await visit(sessions, undefined, (s) => void Object.assign(s, recordWith(number).data));
    cookies.push(begun.cookies[0]?.split(';')[0] ?? '');
  }
  return {
    count,
    sessions,
    swept: store,
    someCookie: () => cookies[Math.floor(Math.random() * count)] ?? '',
    async addExpired() {
      put(last + overOf(count), true);
      return overOf(count);
    },
    remove: async () => sessions.close(),
  };
}

function overOf(count: number): number {
  return Math.ceil(count / 50);
}

function* fillings(first: number, end: number, isOver: boolean): Generator<Filling> {
  for (let number = first; number < end; number++) yield filling(number, isOver);
}

/** With `force`, so that every read moves a deadline. */
function configuration(options: Readonly<Record<string, unknown>>) {
  return configFrom({ ...options, session: { force: true } }, process.cwd()).config;
}
