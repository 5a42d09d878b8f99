// The sweep in the background removes expired entries, and nothing else, while pages run (docs/stores.md).

import type { ExecutionContext } from 'ava';
import { everyStore } from './every-store.ts';
import { set, type TestPage, type TestSite, Visitor } from './site.ts';

const SECOND = 1000;

const rule = (title: string, run: (t: ExecutionContext, site: TestSite) => Promise<void>) =>
  everyStore(title, run, { needs: ['listing'], session: { timeout: 100, lock_timeout: 60 } });

async function begun(site: TestSite): Promise<Visitor> {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'count', 0));
  return visitor;
}

function several<T>(make: () => Promise<T>, count: number): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, make));
}

/** Sweeps from now until all of this has been done. */
async function sweepDuring(site: TestSite, work: Promise<unknown>): Promise<void> {
  let done = false;
  const end = work.finally(() => {
    done = true;
  });
  while (!done) {
    await site.sessions.administration.gc();
    await new Promise(setImmediate);
  }
  await end;
}

function count(s: TestPage): void {
  s.count = Number(s.count) + 1;
}

rule('a sweep under load removes expired entries and no live one', async (t, site) => {
  await several(() => begun(site), 10);
  site.now += 60 * SECOND;
  const living = await several(() => begun(site), 10);
  site.now += 60 * SECOND;
  const newcomers: Visitor[] = [];
  const pages = living.flatMap((visitor) =>
    Array.from({ length: 5 }, async () => {
      await site.visit(visitor.twin(), count);
      newcomers.push(await begun(site));
    }),
  );
  await sweepDuring(site, Promise.all(pages));
  for (const visitor of living) t.is(await site.visit(visitor, (s) => s.count), 5);
  for (const visitor of newcomers) t.is(await site.visit(visitor, (s) => s.count), 0);
  t.is(await site.count(), living.length + newcomers.length);
  t.is(await site.sessions.administration.gc(), 0);
});

rule('a session whose deadline a page moves at the last moment is not swept', async (t, site) => {
  const visitors = await several(() => begun(site), 10);
  site.now += 110 * SECOND - 1;
  await sweepDuring(site, Promise.all(visitors.map((visitor) => site.visit(visitor, count))));
  site.now += 1;
  t.is(await site.sessions.administration.gc(), 0);
  for (const visitor of visitors) t.is(await site.visit(visitor, (s) => s.count), 1);
});

rule('expired tombstones are swept too', async (t, site) => {
  const visitor = await begun(site);
  const late = visitor.twin();
  await site.visit(visitor, (s) => s.close());
  await site.sessions.administration.gc();
  await site.visit(late, (s) => t.throws(() => set(s, 'count', 1), { name: 'SessionEndedError' }));
  site.now += 300 * SECOND;
  await site.sessions.administration.gc();
  await site.visit(late, (s) => set(s, 'count', 1));
  t.is(late.received.length, 1);
});
