// What can be stored where, and what happens to a stored session that cannot be read (contract section 7, "Values").

import { mkdir, readdir, readFile, unlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { openSite, set, type TestPage, type TestSite, Visitor } from './site.ts';

class Cart {
  items = ['apple'];
}

test('memory keeps any value as it is', async (t) => {
  const site = await openSite('memory');
  t.teardown(() => site.close());
  const visitor = new Visitor();
  const cart = new Cart();
  await site.visit(visitor, (s) => Object.assign(s, { cart, call: () => 5 }));
  await site.visit(visitor, (s) => {
    t.is(s.cart, cart);
    t.is((s.call as () => number)(), 5);
  });
  t.deepEqual(site.log, []);
});

test('with debug, memory warns once a path of what no other store could keep', async (t) => {
  const site = await openSite('memory', {}, { debug: true });
  t.teardown(() => site.close());
  const visitor = new Visitor();
  for (let visit = 0; visit < 3; visit++) {
    await site.visit(visitor, (s) =>
      Object.assign(s, { carts: [new Cart()], fine: new Date(), call: () => 5 }),
    );
  }
  await site.visit(visitor, (s) => Object.assign(s, { carts: ['x', new Cart()] }));
  t.is(site.log.length, 2);
  t.regex(site.log[0] ?? '', /^warn: page 'test\.pih': s\.carts\[0\] holds an instance of Cart/);
  t.regex(site.log[1] ?? '', /s\.call holds a function/);
});

test('json keeps what JSON has, and Date, Map, Set, BigInt and undefined', async (t) => {
  const site = await openSite('json');
  t.teardown(() => site.close());
  const visitor = new Visitor();
  const values = {
    when: new Date(5),
    map: new Map([[1, { a: new Set([1n]) }]]),
    nothing: undefined,
    zero: -0,
  };
  await site.visit(visitor, (s) => Object.assign(s, values));
  await site.visit(visitor, (s) => {
    t.deepEqual({ ...s }, values);
    t.true('nothing' in s);
    t.is(s.nothing, undefined);
  });
});

test('session-value-unstorable: json refuses anything else before anything is written', async (t) => {
  const site = await openSite('json');
  t.teardown(() => site.close());
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'a', 1));
  const before = await storedText(site);
  const page = site.visit(visitor, (s) => Object.assign(s, { a: 2, cart: { first: new Cart() } }));
  const problem = await t.throwsAsync(page, { instanceOf: Problem });
  t.is(problem?.code, 'session-value-unstorable');
  t.true(problem?.message.startsWith('s.cart.first holds an instance of Cart'));
  t.is(await storedText(site), before);
  t.is(await site.visit(visitor, (s) => s.a), 1);
  const saving = site.visit(visitor, async (s) => {
    s.call = () => 1;
    await s.save();
  });
  t.is((await t.throwsAsync(saving, { instanceOf: Problem }))?.code, 'session-value-unstorable');
  t.is(await site.visit(visitor, (s) => s.a), 1);
});

test('json: a value that cannot be kept never keeps the turn', async (t) => {
  const site = await openSite('json', { lock_timeout: 1 });
  t.teardown(() => site.close());
  const visitor = new Visitor();
  await site.visit(visitor, () => undefined);
  const pages: ((s: TestPage) => unknown)[] = [
    (s) => set(s, 'call', () => 1),
    (s) => {
      s.regenerate();
      s.call = () => 1;
    },
    async (s) => {
      s.a = 1;
      await s.save();
      s.call = () => 1;
    },
    async (s) => {
      await s.save();
      await s.update((d) => Object.assign(d, { call: () => 1 }));
    },
    (s) => {
      s.cookie.timeout = 'x';
    },
  ];
  for (const page of pages) await t.throwsAsync(site.visit(visitor.twin(), page), { instanceOf: Problem });
  await site.visit(visitor, (s) => t.deepEqual({ ...s }, { a: 1 }));
});

for (const read_only of [false, true]) {
  test(`json: a damaged session is set aside and logged, the visitor starts anew (read_only: ${read_only})`, async (t) => {
    const site = await openSite('json');
    t.teardown(() => site.close());
    const visitor = new Visitor();
    await site.visit(visitor, (s) => set(s, 'a', 'secret value'));
    site.now += 3000_000;
    const file = await storedFile(site);
    await writeFile(file, (await readFile(file, 'utf8')).slice(0, -5));
    await utimes(file, 0, 0);
    await site.visit(visitor, (s) => t.deepEqual(Object.keys(s), []), { read_only });
    t.deepEqual(await readdir(path.dirname(file)), [`${path.basename(file)}.damaged`]);
    t.is(site.log.length, 1);
    t.regex(site.log[0] ?? '', /^error: the stored session [0-9a-f]{12} cannot be read/);
    t.false(site.log[0]?.includes(visitor.id ?? '?'));
    await site.visit(visitor, (s) => set(s, 'a', 2));
    t.is(await site.visit(visitor, (s) => s.a), 2);
  });
}

test('json: no file holds the id of its session', async (t) => {
  const site = await openSite('json');
  t.teardown(() => site.close());
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'a', 1));
  t.false((await storedText(site)).includes(visitor.id ?? '?'));
  t.false((await storedFile(site)).includes(visitor.id ?? '?'));
});

test('session-turn-lost: json: whoever lost its turn writes nothing and is answered 503', async (t) => {
  const site = await openSite('json');
  t.teardown(() => site.close());
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'a', 1));
  const page = site.visit(visitor, async (s) => {
    s.a = 2;
    await unlink((await storedFile(site)).replace(/json$/, 'lock'));
  });
  const problem = await t.throwsAsync(page, { instanceOf: Problem });
  t.is(problem?.code, 'session-turn-lost');
  t.is(problem?.status, 503);
  t.is(await site.visit(visitor, (s) => s.a), 1);
});

test('session-store-failed: json: a write that fails is an error, and the turn is given back', async (t) => {
  const site = await openSite('json');
  t.teardown(() => site.close());
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'a', 1));
  const file = await storedFile(site);
  const page = site.visit(visitor, async (s) => {
    s.a = 2;
    await unlink(file);
    await mkdir(path.join(file, 'in the way'), { recursive: true });
  });
  const problem = await t.throwsAsync(page, { instanceOf: Problem });
  t.is(problem?.code, 'session-store-failed');
  t.deepEqual(await readdir(path.dirname(file)), [path.basename(file)]);
});

async function storedFile(site: TestSite): Promise<string> {
  const dir = path.join(site.dir, 'sessions');
  const names = await readdir(dir, { recursive: true });
  return path.join(dir, names.find((name) => name.endsWith('.json')) ?? '');
}

async function storedText(site: TestSite): Promise<string> {
  return readFile(await storedFile(site), 'utf8');
}
