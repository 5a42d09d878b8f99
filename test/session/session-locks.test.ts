// Requests of one session exclude each other, in every store (docs/sessions.md).

import { Problem } from '../../engine/diagnostics/problem.ts';
import { SessionEndedError } from '../../engine/session/index.ts';
import { everyStore } from './every-store.ts';
import { set, type TestPage, type TestSite, Visitor } from './site.ts';

/** For a hundred pages that wait for each other on a machine with much to do. */
const PATIENT = { lock_timeout: 60 };

everyStore(
  '100 parallel pages that count count 100',
  async (t, site) => {
    const visitor = await counting(site);
    const pages = Array.from({ length: 100 }, () =>
      site.visit(visitor.twin(), (s) => set(s, 'count', Number(s.count) + 1)),
    );
    await Promise.all(pages);
    t.is(await site.visit(visitor, (s) => s.count), 100);
  },
  { needs: ['locks'], session: PATIENT },
);

everyStore(
  '100 parallel pages that wait between reading and writing count 100',
  async (t, site) => {
    const visitor = await counting(site);
    const pages = Array.from({ length: 100 }, () =>
      site.visit(visitor.twin(), async (s) => {
        const { count } = s;
        await new Promise(setImmediate);
        s.count = Number(count) + 1;
      }),
    );
    await Promise.all(pages);
    t.is(await site.visit(visitor, (s) => s.count), 100);
  },
  { needs: ['locks'], session: PATIENT },
);

everyStore(
  '100 parallel updates of read-only pages count 100',
  async (t, site) => {
    const visitor = await counting(site);
    const pages = Array.from({ length: 100 }, () =>
      site.visit(
        visitor.twin(),
        (s) => s.update((d) => void Object.assign(d, { count: Number(d.count) + 1 })),
        {
          read_only: true,
        },
      ),
    );
    await Promise.all(pages);
    t.is(await site.visit(visitor, (s) => s.count), 100);
  },
  { needs: ['locks'], session: PATIENT },
);

everyStore(
  'a page that comes while another one is suspended waits for it',
  async (t, site) => {
    const visitor = await counting(site);
    const first = site.request(visitor.header);
    await first.begin('write');
    const second = site.request(visitor.header);
    const begun = second.begin('write');
    t.true(begun instanceof Promise);
    Reflect.set(first.open(), 'count', 5);
    await first.end();
    await begun;
    t.is(Reflect.get(second.open(), 'count'), 5);
    await second.end();
  },
  { needs: ['locks'] },
);

everyStore('a page with a long name acquires its lock as any other', async (t, site) => {
  const visitor = new Visitor();
  const page = `${'ä'.repeat(199)}${'😀'.repeat(1000)}.pih`;
  await site.visit(visitor, (s) => set(s, 'n', 1));
  await site.visit(visitor, (s) => set(s, 'n', 2), {}, { page });
  t.is(await site.visit(visitor, (s) => s.n), 2);
});

everyStore('pages of different sessions do not wait for each other', async (t, site) => {
  const one = site.request((await counting(site)).header);
  const other = site.request((await counting(site)).header);
  await one.begin('write');
  await other.begin('write');
  await other.end();
  await one.end();
  t.pass();
});

everyStore(
  'lock requests are served in order',
  async (t, site) => {
    const visitor = await counting(site);
    const order: number[] = [];
    const page = (number: number) => site.visit(visitor.twin(), () => void order.push(number));
    await Promise.all([1, 2, 3, 4, 5].map(page));
    t.deepEqual(order, [1, 2, 3, 4, 5]);
  },
  { needs: ['locks'] },
);

everyStore(
  'session-visitor-left: a request whose visitor leaves is dropped without running',
  async (t, site) => {
    const visitor = await counting(site);
    const holder = site.request(visitor.header);
    await holder.begin('write');
    const leaving = new AbortController();
    const left = site.visit(visitor.twin(), () => t.fail(), undefined, { signal: leaving.signal });
    const next = site.visit(visitor.twin(), (s) => s.count);
    leaving.abort();
    t.is((await t.throwsAsync(left, { instanceOf: Problem }))?.code, 'session-visitor-left');
    await holder.end();
    t.is(await next, 0);
  },
  { needs: ['locks'] },
);

everyStore(
  'session-locked: the response past lock_timeout is a 503 that names the page and the time',
  async (t, site) => {
    const visitor = await counting(site);
    const holder = site.request(visitor.header, { page: 'slow.pih' });
    await holder.begin('write');
    site.now += 12_300;
    const locked = await t.throwsAsync(
      site.visit(visitor.twin(), () => t.fail()),
      { instanceOf: Problem },
    );
    t.is(locked?.code, 'session-locked');
    t.is(locked?.status, 503);
    t.true(locked?.message.includes("page 'slow.pih' has held it for 12.3 s"));
    t.false(locked?.message.includes(visitor.id ?? ''));
    await holder.end();
    t.is(await site.visit(visitor, (s) => s.count), 0);
  },
  { session: { lock_timeout: 0.02 }, needs: ['locks'] },
);

for (const end of ['close', 'regenerate'] as const) {
  everyStore(
    `${end}() is not undone by a slower page that had loaded the session`,
    async (t, site) => {
      const visitor = await counting(site);
      const late = visitor.twin();
      const slow = site.request(late.header);
      await slow.begin('write');
      const page = slow.open() as TestPage;
      await page.save();
      const looking = site.request(late.header);
      await looking.begin('read');
      looking.open({ read_only: true });
      await site.visit(visitor, (s) => s[end]());
      page.count = 7;
      await t.throwsAsync(async () => slow.end(), { instanceOf: SessionEndedError });
      t.deepEqual(slow.cookies, []);
      await looking.end();
      t.deepEqual(looking.cookies, []);
      await site.visit(late, (s) => t.deepEqual(Object.keys(s), []));
      await site.visit(visitor, (s) => t.deepEqual({ ...s }, end === 'close' ? {} : { count: 0 }));
    },
    { needs: ['server'] },
  );

  everyStore(
    `${end}() holds for the pages that wait behind it: a page that writes gets SessionEndedError`,
    async (t, site, row) => {
      const visitor = await counting(site);
      const late = visitor.twin();
      const holder = site.request(visitor.header);
      await holder.begin('write');
      const writing = site.visit(late.twin(), (s) => set(s, 'count', 7));
      const double = late.twin();
      const ending = site.visit(double, (s) => s.regenerate());
      const reading = site.visit(late.twin(), (s) => ({ ...s }));
      (holder.open() as TestPage)[end]();
      await holder.end();
      visitor.receive(holder.cookies);
      await t.throwsAsync(writing, { instanceOf: SessionEndedError });
      await ending;
      t.deepEqual(double.received, [], 'it stored nothing: another cookie would log its visitor out');
      t.deepEqual(await reading, {});
      await site.visit(visitor, (s) => t.deepEqual({ ...s }, end === 'close' ? {} : { count: 0 }));
      if (row.lists) t.is(await site.count(), end === 'close' ? 0 : 1);
    },
    { needs: ['server'] },
  );
}

everyStore(
  'updates beside a long page that has saved lose nothing, nor does the page',
  async (t, site) => {
    const visitor = await counting(site);
    await site.visit(visitor, async (s) => {
      s.mine = 1;
      await s.save();
      const updates = Array.from({ length: 20 }, (_, index) =>
        site.visit(
          visitor.twin(),
          (other) => other.update((d) => void Object.assign(d, { count: Number(d.count) + 1 })),
          { read_only: index % 2 === 0 },
        ),
      );
      s.mine = 2;
      await s.update((d) => Object.assign(d, { count: Number(d.count) + 1 }));
      await Promise.all(updates);
      s.late = 3;
    });
    await site.visit(visitor, (s) => t.deepEqual({ ...s }, { count: 21, mine: 2, late: 3 }));
    t.deepEqual(site.log, []);
  },
  { needs: ['locks'], session: PATIENT },
);

everyStore('a session that expires while a page runs is not written back', async (t, site) => {
  const visitor = await counting(site);
  const slow = site.request(visitor.header);
  await slow.begin('write');
  Reflect.set(slow.open(), 'count', 7);
  site.now += 2 * 3600_000;
  await t.throwsAsync(async () => slow.end(), { instanceOf: SessionEndedError });
  await site.visit(visitor, (s) => t.deepEqual(Object.keys(s), []));
});

everyStore('a read-only page does not wait', async (t, site) => {
  const visitor = await counting(site);
  const holder = site.request(visitor.header);
  await holder.begin('write');
  await site.visit(visitor.twin(), (s) => t.is(s.count, 0), { read_only: true });
  await holder.end();
});

everyStore(
  'a page that reads first and writes later acquires the lock and the newest data',
  async (t, site) => {
    const visitor = await counting(site);
    const request = site.request(visitor.header);
    await request.begin('read');
    const looking = request.open({ read_only: true });
    await site.visit(visitor.twin(), (s) => set(s, 'count', 3));
    await request.begin('write');
    t.is(request.open(), looking);
    t.is(Reflect.get(looking, 'count'), 3);
    Reflect.set(looking, 'count', 4);
    await request.end();
    t.is(await site.visit(visitor, (s) => s.count), 4);
  },
  { needs: ['server'] },
);

everyStore('a page that acquired its lock but opened the session read-only releases it', async (t, site) => {
  const visitor = await counting(site);
  const request = site.request(visitor.header);
  await request.begin('write');
  t.throws(() => Reflect.set(request.open({ read_only: true }), 'count', 1), { instanceOf: Problem });
  await request.end();
  t.is(await site.visit(visitor, (s) => s.count), 0);
});

everyStore(
  'a server that closes waits for the pages that hold a lock, and for the pages behind them',
  async (t, site, row) => {
    const visitor = await counting(site);
    const request = site.request(visitor.header);
    await request.begin('write');
    const behind = [1, 2].map(() => site.visit(visitor.twin(), (s) => set(s, 'count', Number(s.count) + 1)));
    let closed = false;
    const closing = site.sessions.close().then(() => {
      closed = true;
    });
    await new Promise(setImmediate);
    t.false(closed);
    Reflect.set(request.open(), 'count', 10);
    await request.end();
    await Promise.all([...behind, closing]);
    await site.open();
    if (row.persistent) t.is(await site.visit(visitor, (s) => s.count), 12);
  },
  { needs: ['locks'] },
);

async function counting(site: TestSite): Promise<Visitor> {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'count', 0));
  return visitor;
}
