// The identity table of contract section 7, row by row, in both stores.

import test, { type ExecutionContext } from 'ava';
import { SessionEndedError } from '../../engine/session/index.ts';
import { openSite, set, type TestSite, Visitor } from './site.ts';

const MINUTE = 60_000;

for (const store of ['memory', 'json'] as const) {
  const row = (title: string, run: (t: ExecutionContext, site: TestSite) => Promise<void>) =>
    test(`${store}: ${title}`, async (t) => {
      const site = await openSite(store);
      t.teardown(() => site.close());
      await run(t, site);
    });

  row(
    'no id: an empty session, a new id is sent, an entry begins with the first write only',
    async (t, site) => {
      const visitor = new Visitor();
      await site.visit(visitor, (s) => t.deepEqual(Object.keys(s), []));
      t.is(visitor.received.length, 1);
      t.regex(visitor.id ?? '', /^[\w-]{48}$/);
      t.is(await entries(site), 0);
      await site.visit(visitor, (s) => set(s, 'a', 1));
      t.is(await entries(site), 1);
    },
  );

  row('no id: a first write begins under the id that is sent', async (t, site) => {
    const visitor = new Visitor();
    const id = await site.visit(visitor, (s) => {
      s.a = 1;
      return s.id;
    });
    t.true(id === visitor.id);
    t.is(await site.visit(visitor, (s) => s.a), 1);
  });

  row('a live id: its data, no cookie', async (t, site) => {
    const visitor = await visitorWith(site, 'a', 1);
    await site.visit(visitor, (s) => {
      t.is(s.a, 1);
      s.a = 2;
    });
    t.deepEqual(visitor.received, []);
    t.is(await site.visit(visitor, (s) => s.a), 2);
  });

  row('a fresh id: empty, a first write begins under it, no cookie', async (t, site) => {
    const visitor = new Visitor();
    await site.visit(visitor, () => undefined);
    const issued = visitor.id;
    site.now += 5 * MINUTE - 1;
    await site.visit(visitor, (s) => {
      t.true(s.is_new);
      s.a = 1;
    });
    t.deepEqual(visitor.received, []);
    t.is(visitor.id, issued);
    t.is(await site.visit(visitor, (s) => s.a), 1);
  });

  row('three frames that write first keep all three changes', async (t, site) => {
    const visitor = new Visitor();
    await site.visit(visitor, () => undefined);
    const frames = ['a', 'b', 'c'].map((name) =>
      site.visit(visitor.twin(), async (s) => {
        await Promise.resolve();
        s[name] = name;
      }),
    );
    await Promise.all(frames);
    await site.visit(visitor, (s) => t.deepEqual({ ...s }, { a: 'a', b: 'b', c: 'c' }));
    t.is(await entries(site), 1);
  });

  row('an id that is not fresh any more and was never written gets a new one', async (t, site) => {
    const visitor = new Visitor();
    await site.visit(visitor, () => undefined);
    const issued = visitor.id;
    site.now += 5 * MINUTE;
    await site.visit(visitor, (s) => set(s, 'a', 1));
    t.not(visitor.id, issued);
    t.is(await site.visit(visitor, (s) => s.a), 1);
  });

  row('an id retired by close(): empty, a write is SessionEndedError, no cookie', async (t, site) => {
    const visitor = await visitorWith(site, 'a', 1);
    const late = visitor.twin();
    await site.visit(visitor, (s) => s.close());
    t.is(visitor.header, undefined);
    await retired(t, site, late);
  });

  row('an id retired by regenerate(): empty, a write is SessionEndedError, no cookie', async (t, site) => {
    const visitor = await visitorWith(site, 'a', 1);
    const late = visitor.twin();
    await site.visit(visitor, (s) => s.regenerate());
    await retired(t, site, late);
    t.is(await site.visit(visitor, (s) => s.a), 1);
  });

  row('a fresh id that was never written is retired too', async (t, site) => {
    const visitor = new Visitor();
    await site.visit(visitor, () => undefined);
    const late = visitor.twin();
    await site.visit(visitor, (s) => {
      s.regenerate();
      s.a = 1;
    });
    t.not(visitor.id, late.id);
    await retired(t, site, late);
    t.is(await site.visit(visitor, (s) => s.a), 1);
  });

  row('a retired id is known until its five minutes are over', async (t, site) => {
    const visitor = await visitorWith(site, 'a', 1);
    const late = visitor.twin();
    await site.visit(visitor, (s) => s.close());
    site.now += 5 * MINUTE - 1;
    await retired(t, site, late);
    site.now += 1;
    await unknown(t, site, late);
  });

  row('an old id that is retired is known for a minute', async (t, site) => {
    const visitor = await visitorWith(site, 'a', 1);
    site.now += 20 * MINUTE;
    const late = visitor.twin();
    await site.visit(visitor, (s) => s.regenerate());
    site.now += MINUTE - 1;
    await retired(t, site, late);
    site.now += 1;
    await unknown(t, site, late);
  });

  row('an expired id begins under a new one', async (t, site) => {
    const visitor = await visitorWith(site, 'a', 1);
    site.now += 2 * 3600_000;
    await unknown(t, site, visitor);
  });

  const forged: Record<string, (id: string) => string> = {
    'another MAC': (id) => id.slice(0, -1) + (id.endsWith('A') ? 'B' : 'A'),
    'a later time': (id) => `${id.slice(0, 26)}${id[26] === 'A' ? 'B' : 'A'}${id.slice(27)}`,
    'another shape': () => 'abc',
    'nothing in it': () => '',
    'a path': () => '../../etc/passwd',
  };
  for (const [what, forge] of Object.entries(forged)) {
    row(`a forged id (${what}) begins under a new one`, async (t, site) => {
      const visitor = new Visitor();
      await site.visit(visitor, () => undefined);
      visitor.header = `sessionId=${forge(visitor.id ?? '')}`;
      await unknown(t, site, visitor);
    });
  }

  row('rubbish in the Cookie header is tolerated', async (t, site) => {
    for (const header of [
      '',
      ';;;',
      'sessionId',
      '=sessionId',
      'sessionId=%zz',
      'a=b; sessionId="x"',
      '\u0000',
    ]) {
      const visitor = new Visitor();
      visitor.header = header;
      await site.visit(visitor, (s) => set(s, 'a', 1));
      t.is(visitor.received.length, 1, header);
    }
  });
}

test('memory: an evicted id begins under a new one', async (t) => {
  const site = await openSite('memory', {}, { max_sessions: 1 });
  t.teardown(() => site.close());
  const first = await visitorWith(site, 'a', 1);
  site.now += 5 * MINUTE;
  await visitorWith(site, 'a', 2);
  await unknown(t, site, first);
});

test('memory: visitors who store nothing evict nobody', async (t) => {
  const site = await openSite('memory', {}, { max_sessions: 1 });
  t.teardown(() => site.close());
  const first = await visitorWith(site, 'a', 1);
  for (let i = 0; i < 5; i++) await site.visit(new Visitor(), () => undefined);
  t.is(await site.visit(first, (s) => s.a), 1);
});

async function visitorWith(site: TestSite, key: string, value: unknown): Promise<Visitor> {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, key, value));
  return visitor;
}

async function retired(t: ExecutionContext, site: TestSite, late: Visitor): Promise<void> {
  await site.visit(late, (s) => {
    t.deepEqual(Object.keys(s), []);
    // session-ended is the code of SessionEndedError.
    const ended = t.throws(() => set(s, 'a', 2), { instanceOf: SessionEndedError });
    t.is(ended?.status, 409);
    t.is(ended?.code, 'session-ended');
    t.is(ended?.name, 'SessionEndedError');
    t.throws(() => s.regenerate(), { instanceOf: SessionEndedError });
    s.close();
  });
  t.deepEqual(late.received, []);
}

async function unknown(t: ExecutionContext, site: TestSite, visitor: Visitor): Promise<void> {
  const presented = visitor.id;
  await site.visit(visitor, (s) => {
    t.deepEqual(Object.keys(s), []);
    set(s, 'a', 'new');
  });
  t.is(visitor.received.length, 1);
  t.not(visitor.id, presented);
  t.is(await site.visit(visitor, (s) => s.a), 'new');
}

async function entries(site: TestSite): Promise<number> {
  let count = 0;
  for await (const _ of site.sessions.administration.list()) count++;
  return count;
}
