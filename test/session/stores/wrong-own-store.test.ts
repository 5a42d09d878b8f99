// A site's own store that goes wrong in ways that could keep the engine busy without end, or its author from learning what
// the matter is: a replace() that never says true, a list without an end, answers that say nothing.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { StoreConfig } from '../../../config/schema.ts';
import { Problem } from '../../../engine/diagnostics/problem.ts';
import { sessionKey } from '../../../engine/session/request/session-id.ts';
import type { EntryStore, StoreEntry } from '../../../engine/session/stores/own/entry-store.ts';
import { serveSite } from '../../site-fixture.ts';
import { Visitor as Browser } from '../../visitor.ts';
import { set, TestSite, Visitor } from '../site.ts';
import { ownStore, placeFor } from './own-stores.ts';

const HOUR = 3_600_000;

const PAGES = {
  'count.pih': '<% const s = Session(); s.n = s.get("n", 0) + 1; %><%= s.n %>',
  'look.pih': '<%= Session({ read_only: true }).get("n", 0) %>',
  'plain.pih': 'plain',
};

for (const page of ['/count', '/look'] as const) {
  test(`a replace() that never returns true is an error of its session alone: ${page}`, async (t) => {
    await placeFor(t);
    const site = await serveSite(t, PAGES, {
      persistent_session: { store: ownStore('refusing-store') },
      session: { force: true, lock_timeout: 5 },
    });
    const [browser, other] = [new Browser(site.url), new Browser(site.url)];
    t.is(await browser.text('/count'), '1');
    t.is(await other.text('/count'), '1');
    const refused = path.join(path.dirname(site.folder), 'refused');
    await writeFile(refused, sessionKey(browser.cookies.get('sessionId') ?? ''));
    const [failed, count, plain] = await Promise.all([
      browser.get(page),
      other.text('/count'),
      site.text('/plain'),
    ]);
    t.deepEqual([failed.status, count, plain], [500, '2', 'plain']);
    const [{ cause } = { cause: undefined }] = site.logged;
    t.is(site.logged.length, 1);
    t.true(cause instanceof Problem && cause.code === 'session-store-threw');
    t.regex(
      String(cause),
      /refusing-store\.ts' failed in replace\(\): it has given false \d+ times in a row/,
    );
    await writeFile(refused, '');
    t.is(await browser.text('/count'), '2');
  });
}

test('a change of a page is an error if replace() no longer returns true', async (t) => {
  const { site, refuse } = await refusingSite(t);
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'a', 1));
  const page = site.visit(visitor, async (s) => {
    s.a = 2;
    await refuse(visitor.id);
  });
  const problem = await t.throwsAsync(page, { instanceOf: Problem });
  t.is(problem?.code, 'session-store-threw');
  const first = new Visitor();
  const begun = site.visit(first, async (s) => {
    s.a = 1;
    await refuse(s.id);
  });
  t.is((await t.throwsAsync(begun, { instanceOf: Problem }))?.code, 'session-store-threw');
});

test('a site does not start over a store whose replace() returns false for an absent entry', async (t) => {
  const opening = refusingSite(t, { always: true });
  const problem = await t.throwsAsync(opening, { instanceOf: Problem });
  t.is(problem?.code, 'session-store-threw');
  t.regex(problem?.message ?? '', /failed in replace\(\)/);
});

test('an entry that replace() has stored counts, whatever replace() returns', async (t) => {
  const { site } = await refusingSite(t, { always: true, changes: true });
  const visitor = new Visitor();
  for (let visit = 0; visit < 3; visit++)
    await site.visit(visitor, (s) => set(s, 'n', Number(s.get('n', 0)) + 1));
  await Promise.all([1, 2].map(() => site.visit(visitor, (s) => set(s, 'n', Number(s.n) + 1))));
  t.is(await site.visit(visitor, (s) => s.n, { read_only: true }), 5);
  await site.visit(visitor, (s) => s.close());
  t.deepEqual(site.log, []);
});

test('a store with many changes at the same time is not taken for one that refuses changes', async (t) => {
  const store = sharedStore();
  const sites = [await siteOver(t, store, Date.now), await siteOver(t, store, Date.now)];
  const visitor = new Visitor();
  await sites[0]?.visit(visitor, (s) => set(s, 'n', 0));
  const rounds = Array.from({ length: 10 });
  const visits = sites.map(async (site) => {
    for (const _ of rounds) {
      await Promise.all([
        site.visit(visitor.twin(), (s) => s.n, { read_only: true }),
        site.visit(visitor.twin(), (s) => set(s, 'n', Number(s.n) + 1)),
        site.visit(visitor.twin(), (s) => s.n, { read_only: true }),
      ]);
    }
  });
  await Promise.all(visits);
  t.is(await sites[0]?.visit(visitor, (s) => s.n), sites.length * rounds.length);
});

test('a deadline that differs at each load is moved all the same', async (t) => {
  let count = 0;
  const entries = new Map<string, StoreEntry>();
  const load = (key: string) => {
    const entry = entries.get(key);
    return entry && { ...entry, deadline: entry.deadline + ++count };
  };
  const site = await siteOver(t, { ...storeIn(entries), load });
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'a', 1));
  for (let visit = 0; visit < 3; visit++) {
    site.now += HOUR / 2;
    t.is(await site.visit(visitor, (s) => s.a, { read_only: true }), 1);
  }
});

test('gc removes all expired entries, however many a step removes', async (t) => {
  const entries = new Map<string, StoreEntry>();
  const site = await siteOver(t, storeIn(entries));
  for (let key = 0; key < 250; key++) entries.set(`${key}`.padStart(64, '0'), { text: '', deadline: 1 });
  t.is(await site.sessions.administration.gc(), 250);
});

test('a list without an end holds up neither an operator nor the end of the site', async (t) => {
  const entry = ['ab'.repeat(32), { text: '', deadline: 0 }] as const;
  const list = function* () {
    for (;;) yield entry;
  };
  const site = await siteOver(t, { ...storeIn(new Map()), list });
  const { gc, clear } = site.sessions.administration;
  t.is(await gc({ signal: AbortSignal.timeout(50) }), 0);
  t.is(await clear({ signal: AbortSignal.timeout(50) }), 0);
});

test('a list of other values than entries is an error', async (t) => {
  const site = await siteOver(t, { ...storeIn(new Map()), list: () => [undefined] });
  const problem = await t.throwsAsync(site.count(), { instanceOf: Problem });
  t.regex(problem?.message ?? '', /failed in list\(\): it must list \[key, entry\]/);
});

test('a sweep that does not return the number of removed entries is an error', async (t) => {
  const site = await siteOver(t, { ...storeIn(new Map()), sweep: () => ({}) });
  const problem = await t.throwsAsync(site.sessions.administration.gc(), { instanceOf: Problem });
  t.is(problem?.code, 'session-store-threw');
  t.regex(problem?.message ?? '', /failed in sweep\(\)/);
});

for (const [method, hanging] of Object.entries({
  'list()': { list: () => new Promise(() => undefined) },
  'a step of list()': {
    list: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }),
  },
  'sweep()': { sweep: () => new Promise(() => undefined) },
  'close()': { close: () => new Promise(() => undefined) },
})) {
  test(`${method} that never ends holds up neither an operator nor the end of the site`, async (t) => {
    const site = await siteOver(t, { ...storeIn(new Map()), ...hanging });
    t.is(await site.sessions.administration.gc(), 0);
    if ('list' in hanging) {
      const problem = await t.throwsAsync(site.count(), { instanceOf: Problem });
      t.is(problem?.code, 'session-store-unavailable');
    }
    await site.close();
    t.is(
      site.log.some((line) => line.includes('could not be closed')),
      'close' in hanging,
    );
  });
}

test('a delete() that never ends holds up neither an operator nor the other entries', async (t) => {
  const entries = new Map<string, StoreEntry>();
  const [one = '', other = ''] = ['a', 'b'].map((digit) => digit.repeat(64));
  const remove = (key: string) => (key === one ? new Promise(() => undefined) : entries.delete(key));
  const site = await siteOver(t, { ...storeIn(entries), delete: remove });
  for (const key of [one, other]) entries.set(key, { text: '', deadline: 1 });
  for (let sweep = 0; sweep < 2; sweep++) await site.sessions.administration.gc();
  t.deepEqual([entries.has(one), entries.has(other)], [true, false]);
});

/** A store of entries that does nothing wrong. */
function storeIn(entries: Map<string, StoreEntry>): EntryStore {
  return {
    lock: 'process',
    load: (key) => entries.get(key),
    save: (key, entry) => entries.set(key, entry),
    delete: (key) => entries.delete(key),
    list: () => entries,
  };
}

/** One that can compare and set, and takes some time for each answer. */
function sharedStore(): EntryStore {
  const entries = new Map<string, StoreEntry>();
  const answered = () => pause(Math.random() * 2);
  return {
    lock: 'store',
    load: async (key) => {
      await answered();
      return entries.get(key);
    },
    replace: async (key, before, after) => {
      await answered();
      const there = entries.get(key);
      if (there?.text !== before?.text || there?.deadline !== before?.deadline) return false;
      if (after === undefined) return entries.delete(key);
      entries.set(key, after);
      return true;
    },
  };
}

/** Sessions over such a store. */
async function siteOver(t: ExecutionContext, given: object, clock?: () => number): Promise<TestSite> {
  return openedSite(t, { store: ownStore('given-store'), given }, clock);
}

/** Sessions over the refusing store; `refuse` makes replace() refuse one session. */
async function refusingSite(t: ExecutionContext, options: object = {}) {
  const site = await openedSite(t, { store: ownStore('refusing-store'), ...options });
  const refuse = (id: string | undefined) => writeFile(path.join(site.dir, 'refused'), sessionKey(id ?? ''));
  return { site, refuse };
}

async function openedSite(t: ExecutionContext, config: StoreConfig, clock?: () => number): Promise<TestSite> {
  await placeFor(t);
  const dir = await mkdtemp(path.join(tmpdir(), 'karrigell-wrong-store-'));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  const site = new TestSite(dir, { dir, config, remove: async () => undefined }, clock);
  await site.open({ force: true, lock_timeout: 10 });
  t.teardown(() => site.close());
  return site;
}
