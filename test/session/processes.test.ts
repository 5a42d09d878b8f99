// Several servers over one store, in this process and in others: the rules of one server hold between several, and a
// process that dies or stalls loses no change of another one (docs/sessions.md).

import test, { type ExecutionContext } from 'ava';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { SessionEndedError } from '../../engine/session/index.ts';
import { anotherServer, everyStore } from './every-store.ts';
import { visitElsewhere } from './processes.ts';
import { JSON_FILES } from './rows/json.ts';
import type { StoreRow } from './rows/row.ts';
import { openSite, set, type TestPage, type TestSite, Visitor } from './site.ts';

const between = (
  title: string,
  run: (t: ExecutionContext, site: TestSite, row: StoreRow) => Promise<void>,
  lock_timeout = 60,
) => everyStore(title, run, { needs: ['processes'], clock: 'real', session: { lock_timeout } });

/** A dead or stalled holder holds others up for three seconds at most; a machine with much to do gets two more. */
const AFTER_A_HOLDER = 5;

async function begun(site: TestSite): Promise<Visitor> {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'count', 0));
  return visitor;
}

async function count(s: TestPage): Promise<void> {
  const before = Number(s.count);
  await new Promise(setImmediate);
  s.count = before + 1;
}

between('three processes that count in one session lose nothing', async (t, site) => {
  const visitor = await begun(site);
  const processes = [1, 2, 3].map(() => visitElsewhere(t, site, visitor, { pages: 40 }));
  t.deepEqual(await Promise.all(processes.map(({ ended }) => ended)), [0, 0, 0]);
  t.is(await site.visit(visitor, (s) => s.count), 120);
});

between('100 parallel pages on two servers count 100', async (t, site) => {
  const other = await anotherServer(t, site, { lock_timeout: 60 });
  const visitor = await begun(site);
  const pages = Array.from({ length: 50 }, () =>
    [site, other].map((server) => server.visit(visitor.twin(), count)),
  );
  await Promise.all(pages.flat());
  t.is(await other.visit(visitor, (s) => s.count), 100);
});

between('a change of a page of one server is seen by the next page of another one', async (t, site) => {
  const other = await anotherServer(t, site, { lock_timeout: 60 });
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'cart', ['apple']));
  await other.visit(visitor, (s) => (s.cart as string[]).push('pear'));
  await site.visit(visitor, (s) => t.deepEqual(s.cart, ['apple', 'pear']));
  await other.visit(visitor, (s) => s.regenerate());
  await site.visit(visitor, (s) => t.deepEqual(s.cart, ['apple', 'pear']));
});

between('first writes of parallel requests under one issued id go into one session', async (t, site, row) => {
  const other = await anotherServer(t, site, { lock_timeout: 60 });
  const visitor = new Visitor();
  await site.visit(visitor, () => undefined);
  const frames = ['a', 'b', 'c', 'd'].map((name, index) =>
    (index % 2 === 0 ? site : other).visit(visitor.twin(), async (s) => {
      await new Promise(setImmediate);
      s[name] = name;
    }),
  );
  await Promise.all(frames);
  await other.visit(visitor, (s) => t.deepEqual({ ...s }, { a: 'a', b: 'b', c: 'c', d: 'd' }));
  if (row.lists) t.is(await site.count(), 1);
});

between('an id that one server issued is fresh on another one', async (t, site) => {
  const other = await anotherServer(t, site, { lock_timeout: 60 });
  const visitor = new Visitor();
  await site.visit(visitor, () => undefined);
  const { id } = visitor;
  await other.visit(visitor, (s) => set(s, 'a', 1));
  t.is(visitor.id, id);
  t.is(await site.visit(visitor, (s) => s.a), 1);
});

for (const end of ['close', 'regenerate'] as const) {
  between(
    `${end}() on one server ends the session for a page of another that had loaded it`,
    async (t, site) => {
      const other = await anotherServer(t, site, { lock_timeout: 60 });
      const visitor = await begun(site);
      const late = visitor.twin();
      const page = other.visit(late, async (s) => {
        await s.save();
        await site.visit(visitor, (mine) => mine[end]());
        s.count = 7;
      });
      await t.throwsAsync(page, { instanceOf: SessionEndedError });
      t.deepEqual(late.received, []);
      await other.visit(late, (s) => t.deepEqual(Object.keys(s), []));
      t.deepEqual(late.received, []);
      await site.visit(visitor, (s) => t.deepEqual({ ...s }, end === 'close' ? {} : { count: 0 }));
    },
  );
}

between('a page that waits for a page on another server finds the changes of that page', async (t, site) => {
  const other = await anotherServer(t, site, { lock_timeout: 60 });
  const visitor = await begun(site);
  const holder = site.request(visitor.header);
  await holder.begin('write');
  const waiting = other.visit(visitor.twin(), (s) => ({ ...s }));
  (holder.open() as TestPage).close();
  await holder.end();
  t.deepEqual(await waiting, {});
});

between('session-locked: the error past lock_timeout names the page of the other server', async (t, site) => {
  const other = await anotherServer(t, site, { lock_timeout: 0.05 });
  const visitor = await begun(site);
  const holder = site.request(visitor.header, { page: 'slow.pih' });
  await holder.begin('write');
  const locked = await t.throwsAsync(
    other.visit(visitor.twin(), () => t.fail()),
    { instanceOf: Problem },
  );
  t.is(locked?.code, 'session-locked');
  t.is(locked?.status, 503);
  t.regex(locked?.message ?? '', /page 'slow\.pih' has held it for \d/);
  t.false(locked?.message.includes(visitor.id ?? ''));
  await holder.end();
  t.is(await other.visit(visitor, (s) => s.count), 0);
});

between(
  'session-visitor-left: a request whose client leaves while it waits for another server is dropped without running',
  async (t, site) => {
    const other = await anotherServer(t, site, { lock_timeout: 60 });
    const visitor = await begun(site);
    const holder = site.request(visitor.header);
    await holder.begin('write');
    const leaving = new AbortController();
    const left = other.visit(visitor.twin(), () => t.fail(), undefined, { signal: leaving.signal });
    const next = other.visit(visitor.twin(), (s) => s.count);
    await other.visit(visitor.twin(), (s) => t.is(s.count, 0), { read_only: true });
    leaving.abort();
    t.is((await t.throwsAsync(left, { instanceOf: Problem }))?.code, 'session-visitor-left');
    await holder.end();
    t.is(await next, 0);
  },
);

between('a read-only page waits for no page of another server', async (t, site) => {
  const other = await anotherServer(t, site, { lock_timeout: 60 });
  const visitor = await begun(site);
  const holder = site.request(visitor.header);
  await holder.begin('write');
  await other.visit(visitor.twin(), (s) => t.is(s.count, 0), { read_only: true });
  await holder.end();
});

between(
  'a killed process delays its visitor for three seconds at most, and its acknowledged changes are kept',
  async (t, site) => {
    const visitor = await begun(site);
    const holder = visitElsewhere(t, site, visitor, { pages: 3, holds: true });
    t.is(await holder.says(), 'held');
    await holder.kill();
    t.is(holder.answered, 3);
    t.is(await site.visit(visitor, (s) => s.count), 3);
  },
  AFTER_A_HOLDER,
);

between('processes that are killed while they count lose no acknowledged change', async (t, site) => {
  const visitor = await begun(site);
  let answered = 0;
  let killed = 0;
  for (let round = 0; round < 2; round++) {
    const pair = [1, 2].map(() => visitElsewhere(t, site, visitor, { pages: 'on' }));
    await Promise.all(pair.map((pages) => pages.answers()));
    await Promise.all(pair.map((pages) => pages.kill()));
    for (const pages of pair) answered += pages.answered;
    killed += pair.length;
  }
  const stored = Number(await site.visit(visitor, (s) => s.count));
  t.true(stored >= answered && stored <= answered + killed, `${answered} answered, ${stored} stored`);
});

between(
  'session-lock-lost: a process that stalls past its lease writes nothing and answers 503',
  async (t, site) => {
    const visitor = await begun(site);
    const holder = visitElsewhere(t, site, visitor, { pages: 0, holds: true });
    t.is(await holder.says(), 'held');
    holder.signal('SIGSTOP');
    await site.visit(visitor, (s) => set(s, 'count', 'of another page'));
    holder.signal('SIGCONT');
    t.is(await holder.goOn(), '503 session-lock-lost');
    t.is(await holder.ended, 0);
    t.is(await site.visit(visitor, (s) => s.count), 'of another page');
  },
  AFTER_A_HOLDER,
);

test('json: a process that stalls past its lease keeps its lock: waiting requests get 503, and nothing is lost', async (t) => {
  const site = await openSite(JSON_FILES, { lock_timeout: 4 }, {}, 'real');
  t.teardown(() => site.close());
  const visitor = await begun(site);
  const holder = visitElsewhere(t, site, visitor, { pages: 0, holds: true });
  t.is(await holder.says(), 'held');
  holder.signal('SIGSTOP');
  const waiting = site.visit(visitor.twin(), (s) => set(s, 'count', 'of another page'));
  t.is(await site.visit(visitor.twin(), (s) => s.count, { read_only: true }), 0);
  const locked = await t.throwsAsync(waiting, { instanceOf: Problem });
  t.deepEqual([locked?.code, locked?.status], ['session-locked', 503]);
  t.regex(locked?.message ?? '', /page 'held\.pih' has held it for \d/);
  holder.signal('SIGCONT');
  t.is(await holder.goOn(), 'done');
  t.is(await site.visit(visitor, (s) => s.count), 1);
});

between('a process that stalls keeps its lock as long as no other request asks for it', async (t, site) => {
  const visitor = await begun(site);
  const holder = visitElsewhere(t, site, visitor, { pages: 0, holds: true });
  t.is(await holder.says(), 'held');
  holder.signal('SIGSTOP');
  t.is(await site.visit(visitor.twin(), (s) => s.count, { read_only: true }), 0);
  holder.signal('SIGCONT');
  t.is(await holder.goOn(), 'done');
  t.is(await site.visit(visitor, (s) => s.count), 1);
});
