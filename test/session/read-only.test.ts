// Session({ read_only: true }): never waits, writes nor sends a cookie (docs/sessions.md).

import { inspect } from 'node:util';
import test from 'ava';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { everyStore } from './every-store.ts';
import { MEMORY } from './rows/memory.ts';
import { openSite, set, type TestPage, Visitor } from './site.ts';

everyStore('a visitor without a cookie gets none and reads an empty session', async (t, site) => {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => t.deepEqual(Object.keys(s), []), { read_only: true });
  t.deepEqual(visitor.received, []);
  visitor.header = 'sessionId=unknown';
  await site.visit(visitor, (s) => t.false(s.has('a')), { read_only: true });
  t.deepEqual(visitor.received, []);
});

everyStore(
  'session-read-only: attributes, arrays and plain objects refuse changes, and say where',
  async (t, site) => {
    const visitor = new Visitor();
    await site.visit(visitor, (s) =>
      Object.assign(s, { a: 1, list: [{ n: [1] }], frozen: Object.freeze([{ n: 1 }]) }),
    );
    const attempts: [string, (s: TestPage) => unknown][] = [
      ['s.a', (s) => set(s, 'a', 2)],
      ['s.b', (s) => set(s, 'b', 2)],
      ['s.a', (s) => delete s.a],
      ['s.list.1', (s) => (s.list as unknown[]).push(1)],
      ['s.list.0.n.0', (s) => Object.assign((s.list as { n: number[] }[])[0]?.n ?? {}, { 0: 2 })],
      ['s.list.0.n', (s) => delete (s.list as { n?: number[] }[])[0]?.n],
      ['s.list.x', (s) => Object.defineProperty(s.list, 'x', { value: 1 })],
      ['s.list.0.n', (s) => Object.assign((s.get('list') as object[])[0] ?? {}, { n: 2 })],
      ['s.frozen.0.n', (s) => Object.assign((s.frozen as object[])[0] ?? {}, { n: 2 })],
      ['s.remember', (s) => Object.assign(s, { remember: true })],
      ["s.flash('x')", (s) => s.flash('x', 1)],
      ['the id', (s) => s.regenerate()],
      ['the session', (s) => s.close()],
    ];
    for (const [path, attempt] of attempts) {
      await site.visit(
        visitor,
        (s) => {
          const problem = t.throws(() => attempt(s), { instanceOf: Problem }, path);
          t.is(problem?.code, 'session-read-only');
          t.true(problem?.message.startsWith(`${path} `), `${path}: ${problem?.message}`);
        },
        { read_only: true },
      );
    }
    await site.visit(visitor, (s) => t.deepEqual(s.list, [{ n: [1] }]));
  },
);

everyStore('a guarded value reads as the value that it guards', async (t, site) => {
  const visitor = new Visitor();
  const when = new Date(5);
  await site.visit(visitor, (s) => Object.assign(s, { list: [1, { b: 2 }], when, map: new Map([[1, 2]]) }));
  await site.visit(
    visitor,
    (s) => {
      t.true(Array.isArray(s.list));
      t.is(s.list, s.list);
      t.is(JSON.stringify(s.list), '[1,{"b":2}]');
      // Node 26 says that it is a proxy.
      t.regex(inspect(s.list), /\[ 1, \{ b: 2 \} \]/);
      t.deepEqual(
        (s.list as unknown[]).map((item) => typeof item),
        ['number', 'object'],
      );
      t.is((s.when as Date).getTime(), 5);
      t.is((s.map as Map<number, number>).get(1), 2);
    },
    { read_only: true },
  );
});

everyStore('an update of a read-only page is stored, also as the first write', async (t, site, row) => {
  const visitor = new Visitor();
  await site.visit(visitor, async (s) => t.is(await s.update((d) => Object.assign(d, { a: 1 }).a), 1), {
    read_only: true,
  });
  t.is(visitor.received.length, 1);
  await site.visit(visitor, (s) => t.is(s.a, 1));
  const fresh = new Visitor();
  await site.visit(fresh, () => undefined);
  await site.visit(
    fresh,
    async (s) => {
      await s.update((d) => Object.assign(d, { b: 2 }));
      t.is(s.b, 2);
    },
    { read_only: true },
  );
  t.is(fresh.received.length, row.carried ? 1 : 0);
  t.is(await site.visit(fresh, (s) => s.b), 2);
});

test('memory: a frozen list with a far index is guarded without a walk over its holes', async (t) => {
  const site = await openSite(MEMORY);
  t.teardown(() => site.close());
  const visitor = new Visitor();
  const far = Object.freeze(Object.assign([], { 4294967294: { n: 1 } }));
  const bare = Object.freeze(Object.assign(Object.create(null), { inner: { n: 1 } }));
  await site.visit(visitor, (s) => Object.assign(s, { far, bare }));
  await site.visit(
    visitor,
    (s) => {
      const list = s.far as typeof far;
      t.is(list.length, 4294967295);
      t.throws(() => Object.assign(list[4294967294] ?? {}, { n: 2 }), { instanceOf: Problem });
      const shown = s.bare as typeof bare;
      t.is(Object.getPrototypeOf(shown), null);
      t.throws(() => Object.assign(shown.inner, { n: 2 }), { instanceOf: Problem });
    },
    { read_only: true },
  );
});
