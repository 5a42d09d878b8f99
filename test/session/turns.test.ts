// Requests of one session take turns (contract section 7), in both stores.

import test, { type ExecutionContext } from 'ava';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { SessionEndedError } from '../../engine/session/index.ts';
import { openSite, set, type TestSite, Visitor } from './site.ts';

for (const store of ['memory', 'json'] as const) {
  const rule = (
    title: string,
    run: (t: ExecutionContext, site: TestSite) => Promise<void>,
    lock_timeout = 10,
  ) =>
    test(`${store}: ${title}`, async (t) => {
      const site = await openSite(store, { lock_timeout });
      t.teardown(() => site.close());
      await run(t, site);
    });

  rule('100 parallel pages that count count 100', async (t, site) => {
    const visitor = await counting(site);
    const pages = Array.from({ length: 100 }, () =>
      site.visit(visitor.twin(), (s) => set(s, 'count', Number(s.count) + 1)),
    );
    await Promise.all(pages);
    t.is(await site.visit(visitor, (s) => s.count), 100);
  });

  rule('100 parallel pages that wait between reading and writing count 100', async (t, site) => {
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
  });

  rule('100 parallel updates of pages that only look count 100', async (t, site) => {
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
  });

  rule('a page that comes while another one is suspended waits for it', async (t, site) => {
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
  });

  rule('pages of different sessions do not wait for each other', async (t, site) => {
    const one = site.request((await counting(site)).header);
    const other = site.request((await counting(site)).header);
    await one.begin('write');
    await other.begin('write');
    await other.end();
    await one.end();
    t.pass();
  });

  rule('waiters go in order', async (t, site) => {
    const visitor = await counting(site);
    const order: number[] = [];
    const page = (number: number) => site.visit(visitor.twin(), () => void order.push(number));
    await Promise.all([1, 2, 3, 4, 5].map(page));
    t.deepEqual(order, [1, 2, 3, 4, 5]);
  });

  rule('session-visitor-left: one whose visitor leaves is dropped without running', async (t, site) => {
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
  });

  rule(
    'session-locked: past lock_timeout it is a 503 that names the page and the time',
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
    0.02,
  );

  rule('a logout is not undone by a slower page', async (t, site) => {
    const visitor = await counting(site);
    const slow = site.request(visitor.header);
    await slow.begin('write');
    const page = slow.open() as { save(): Promise<void>; count: number };
    await page.save();
    await site.visit(visitor.twin(), (s) => s.close());
    page.count = 7;
    await t.throwsAsync(async () => slow.end(), { instanceOf: SessionEndedError });
    t.deepEqual(slow.cookies, []);
    await site.visit(visitor, (s) => t.deepEqual(Object.keys(s), []));
  });

  rule('a session that expires while a page runs is not written back', async (t, site) => {
    const visitor = await counting(site);
    const slow = site.request(visitor.header);
    await slow.begin('write');
    Reflect.set(slow.open(), 'count', 7);
    site.now += 2 * 3600_000;
    await t.throwsAsync(async () => slow.end(), { instanceOf: SessionEndedError });
    await site.visit(visitor, (s) => t.deepEqual(Object.keys(s), []));
  });

  rule('a page that only looks waits for nobody', async (t, site) => {
    const visitor = await counting(site);
    const holder = site.request(visitor.header);
    await holder.begin('write');
    await site.visit(visitor.twin(), (s) => t.is(s.count, 0), { read_only: true });
    await holder.end();
  });

  rule('looking first and writing later takes the turn and the newest data', async (t, site) => {
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
  });

  rule('a page that took its turn but opened it read-only gives it back', async (t, site) => {
    const visitor = await counting(site);
    const request = site.request(visitor.header);
    await request.begin('write');
    t.throws(() => Reflect.set(request.open({ read_only: true }), 'count', 1), { instanceOf: Problem });
    await request.end();
    t.is(await site.visit(visitor, (s) => s.count), 0);
  });

  rule('a server that closes waits for the pages that hold a session', async (t, site) => {
    const visitor = await counting(site);
    const request = site.request(visitor.header);
    await request.begin('write');
    let closed = false;
    const closing = site.sessions.close().then(() => {
      closed = true;
    });
    await new Promise(setImmediate);
    t.false(closed);
    await request.end();
    await closing;
  });
}

async function counting(site: TestSite): Promise<Visitor> {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'count', 0));
  return visitor;
}
