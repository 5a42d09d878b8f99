// session.cookie.when "write": a visitor gets the cookie when a page stores something, not when it calls Session().

import type { ExecutionContext } from 'ava';
import { everyStore, type RuleOptions } from './every-store.ts';
import type { StoreRow } from './rows/row.ts';
import { COOKIE, set, type TestPage, type TestSite, Visitor } from './site.ts';

const rule = (
  title: string,
  run: (t: ExecutionContext, site: TestSite, row: StoreRow) => Promise<void>,
  options: RuleOptions = {},
) => everyStore(title, run, { session: { cookie: { ...COOKIE, when: 'write' } }, ...options });

rule('a read-only page sends no cookie, whatever the id', async (t, site) => {
  const expired = await visitorWith(site);
  site.now += 2 * 3600_000;
  const forged = new Visitor();
  forged.header = `sessionId=${'A'.repeat(48)}`;
  for (const visitor of [new Visitor(), expired, forged]) {
    const header = visitor.header;
    await site.visit(visitor, (s) => {
      t.is(s.get('a'), undefined);
      t.is(s.flash('notice'), undefined);
      t.true(s.is_new);
      t.true(s.id.length > 0);
      delete s.a;
    });
    t.deepEqual(visitor.received, []);
    t.is(visitor.header, header);
  }
});

const WRITES: Readonly<Record<string, (s: TestPage) => unknown>> = {
  'an attribute': (s) => set(s, 'a', 1),
  's.set()': (s) => s.set('a', 1, { timeout: 60 }),
  's.flash()': (s) => s.flash('notice', 'saved'),
  's.remember': (s) => Object.assign(s, { remember: true }),
  's.cookie': (s) => Object.assign(s.cookie, { same_site: 'strict' }),
  's.update()': (s) => s.update((data) => Object.assign(data, { a: 1 })),
  's.save()': (s) => {
    s.a = 1;
    return s.save();
  },
  'regenerate() and an attribute': (s) => {
    s.regenerate();
    s.a = 1;
  },
};

for (const [what, write] of Object.entries(WRITES)) {
  rule(`${what} creates a session, and its cookie is sent`, async (t, site, row) => {
    const visitor = new Visitor();
    const id = await site.visit(visitor, async (s) => {
      await write(s);
      return s.id;
    });
    t.is(visitor.received.length, 1);
    t.is(visitor.id, id);
    await site.visit(visitor, (s) => t.false(s.is_new));
    if (row.lists) t.is(await site.count(), 1);
  });
}

rule('s.save() and s.update() without a change send no cookie', async (t, site, row) => {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => s.save());
  t.deepEqual(visitor.received, []);
  await site.visit(visitor, async (s) => {
    await s.save();
    s.a = 1;
  });
  t.is(visitor.received.length, 1);
  t.is(await site.visit(visitor, (s) => s.a), 1);
  if (row.lists) t.is(await site.count(), 1);
});

rule('an update() of a read-only page creates a session, and its cookie is sent', async (t, site) => {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => s.update((data) => Object.assign(data, { a: 1 })), { read_only: true });
  t.is(visitor.received.length, 1);
  t.is(await site.visit(visitor, (s) => s.a), 1);
});

rule(
  'regenerate() alone sends no cookie; of a session that there is it sends the new id',
  async (t, site) => {
    const visitor = new Visitor();
    await site.visit(visitor, (s) => s.regenerate());
    t.deepEqual(visitor.received, []);
    await site.visit(visitor, (s) => set(s, 'a', 1));
    const before = visitor.id;
    await site.visit(visitor, (s) => s.regenerate());
    t.is(visitor.received.length, 1);
    t.not(visitor.id, before);
    t.is(await site.visit(visitor, (s) => s.a), 1);
  },
);

rule('a session begins under an id that the setting "call" issued', async (t, site) => {
  sendWhen(site, 'call');
  const visitor = new Visitor();
  await site.visit(visitor, () => undefined);
  const issued = visitor.id;
  sendWhen(site, 'write');
  await site.visit(visitor, () => undefined);
  t.deepEqual(visitor.received, []);
  await site.visit(visitor, (s) => set(s, 'a', 1));
  t.true(visitor.id === issued);
  t.is(await site.visit(visitor, (s) => s.a), 1);
});

rule('a new id in the place of a fresh one is sent, since the fresh one is retired', async (t, site) => {
  sendWhen(site, 'call');
  const visitor = new Visitor();
  await site.visit(visitor, () => undefined);
  sendWhen(site, 'write');
  await site.visit(visitor, (s) => s.regenerate());
  t.is(visitor.received.length, 1);
  await site.visit(visitor, (s) => set(s, 'a', 1));
  t.is(await site.visit(visitor, (s) => s.a), 1);
});

rule('Session() after close() removes the cookie as long as nothing is stored', async (t, site) => {
  const visitor = await visitorWith(site);
  await site.visit(visitor, (s, open) => {
    s.close();
    t.is(open().get('a'), undefined);
  });
  t.true(visitor.received.every((cookie) => cookie.includes('Max-Age=0')));
  t.is(visitor.header, undefined);
  const again = await visitorWith(site);
  await site.visit(again, (s, open) => {
    s.close();
    open().b = 2;
  });
  await site.visit(again, (s) => t.deepEqual({ ...s }, { b: 2 }));
});

rule('a session that its page stores and closes again sends no cookie', async (t, site, row) => {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => {
    s.a = 1;
    s.close();
  });
  t.deepEqual(visitor.received, []);
  if (row.lists) t.is(await site.count(), 0);
});

rule('the cookie of a session that is stored before the response begins goes with it', async (t, site) => {
  const visitor = new Visitor();
  const request = site.request();
  await request.begin('write');
  const s = request.open() as TestPage;
  s.a = 1;
  await request.flush();
  t.is(request.cookies.length, 1);
  visitor.receive(request.cookies);
  await request.end();
  t.is(await site.visit(visitor, (page) => page.a), 1);
});

const LATE: Readonly<Record<string, (s: TestPage) => unknown>> = {
  'an attribute': (s) => set(s, 'a', 1),
  's.set()': (s) => s.set('a', 1),
  's.flash()': (s) => s.flash('notice', 'saved'),
  's.remember': (s) => Object.assign(s, { remember: true }),
  's.cookie': (s) => Object.assign(s.cookie, { same_site: 'strict' }),
  's.update()': (s) => s.update((data) => Object.assign(data, { a: 1 })),
};

for (const [what, write] of Object.entries(LATE)) {
  rule(
    `a session that would begin with ${what} after the response has begun is an error`,
    async (t, site, row) => {
      const request = site.request();
      await request.begin('write');
      const s = request.open() as TestPage;
      await request.flush();
      t.is(s.get('a', 'none'), 'none');
      await t.throwsAsync(async () => write(s), { code: 'session-response-begun' });
      t.deepEqual(Object.keys(s), []);
      await request.end();
      t.deepEqual(request.cookies, []);
      if (row.lists) t.is(await site.count(), 0);
    },
  );
}

rule('a page may call Session() after the response has begun, to read', async (t, site) => {
  const request = site.request();
  await request.begin('write');
  await request.flush();
  const s = request.open() as TestPage;
  t.is(s.get('a'), undefined);
  t.throws(() => set(s, 'a', 1), { code: 'session-response-begun' });
  await request.end();
});

/** The configuration is saved with another value, and applied. */
function sendWhen(site: TestSite, when: 'call' | 'write'): void {
  const { config } = site;
  site.sessions.configure({ ...config, session: { ...config.session, cookie: { ...COOKIE, when } } });
}

async function visitorWith(site: TestSite): Promise<Visitor> {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'a', 1));
  return visitor;
}
