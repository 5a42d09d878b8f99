// Timeouts are never early and at most a tenth late; an unchanged session is not rewritten (docs/sessions.md).

import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { defaultConfig } from '../../config/load-config.ts';
import type { SessionConfig } from '../../config/schema.ts';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { emptyRecord } from '../../engine/session/format/session-record.ts';
import { cookieMaxAge, deadlineAfter, deadlineDue } from '../../engine/session/request/lifetime.ts';
import { everyStore, type RuleOptions } from './every-store.ts';
import { JSON_FILES } from './rows/json.ts';
import type { StoreRow } from './rows/row.ts';
import { openSite, set, settings, type TestPage, type TestSite, Visitor } from './site.ts';

const SECOND = 1000;

/** How long a browser keeps a cookie that holds data. The end of the session is a part of the data. */
const FOR_GOOD = 400 * 86_400;

const rule = (
  title: string,
  session: Partial<SessionConfig>,
  run: (t: ExecutionContext, site: TestSite, row: StoreRow) => Promise<void>,
  needs: RuleOptions['needs'] = [],
) => everyStore(title, run, { session, needs });

rule(
  'a session ends after its timeout: not early, at most a tenth late',
  { timeout: 100 },
  async (t, site) => {
    const early = await begun(site);
    const late = await begun(site);
    site.now += 100 * SECOND;
    t.is(await lookAt(site, early), 1);
    site.now += 10 * SECOND;
    t.is(await lookAt(site, late), undefined);
  },
);

rule(
  'a session ends no earlier than its timeout and at most a tenth later, whatever the pauses between the pages',
  { timeout: 100 },
  async (t, site) => {
    const pauses = fc.array(fc.integer({ min: 0, max: 100 * SECOND }), { maxLength: 5 });
    const pages = fc.array(fc.constantFrom('read', 'write', 'look'), { minLength: 5, maxLength: 5 });
    const ends = fc.asyncProperty(pauses, pages, async (waits, kinds) => {
      const visitor = await begun(site);
      for (const [index, wait] of waits.entries()) {
        site.now += wait;
        const read_only = kinds[index] === 'look';
        const page = (s: TestPage) => {
          t.is(s.a, 1);
          if (kinds[index] === 'write') s.b = index;
        };
        await site.visit(visitor, page, { read_only });
      }
      site.now += 100 * SECOND;
      t.is(await lookAt(site, visitor), 1);
      site.now += 10 * SECOND;
      t.is(await lookAt(site, visitor), undefined);
    });
    await fc.assert(ends, { numRuns: 15 });
  },
);

rule(
  'seconds may have fractions, in every store',
  { timeout: 50.00037, max_age: 100.0005 },
  async (t, site) => {
    const visitor = await begun(site);
    for (const _ of [1, 2, 3]) {
      t.is(await site.visit(visitor, (s) => s.a), 1);
      site.now += 33 * SECOND;
    }
    await site.visit(visitor, (s) => set(s, 'a', 2));
    t.is(await lookAt(site, visitor), 2);
    site.now += 2 * SECOND;
    t.is(await lookAt(site, visitor), undefined);
  },
);

test('deadlines are whole milliseconds, never early, whatever the configuration says', (t) => {
  const seconds = fc.double({ min: 0, max: 1e7, noNaN: true });
  fc.assert(
    fc.property(
      seconds,
      seconds,
      seconds,
      fc.boolean(),
      fc.nat(),
      (timeout, max_age, remember_me_timeout, force, at) => {
        const config = { ...defaultConfig('/').session, timeout, max_age, remember_me_timeout, force };
        for (const remember of [true, false]) {
          const record = { ...emptyRecord(at), remember };
          const deadline = deadlineAfter(at, record, config);
          t.true(Number.isSafeInteger(deadline));
          t.true(Number.isSafeInteger(deadlineDue(at, deadline, record, config)));
          const idle = remember ? remember_me_timeout : timeout;
          const least =
            Math.min(idle || Number.POSITIVE_INFINITY, max_age || Number.POSITIVE_INFINITY) * 1000;
          if (deadline !== 0) t.true(deadline >= Math.floor(at + least));
        }
        if (timeout > 0)
          t.true(Number.isSafeInteger(cookieMaxAge(timeout, config)) && cookieMaxAge(timeout, config) > 0);
      },
    ),
  );
});

rule('a clock that goes back an hour ends and loses nothing', { timeout: 100 }, async (t, site, row) => {
  const visitor = await begun(site);
  const fresh = new Visitor();
  await site.visit(fresh, () => undefined);
  site.now -= 3600 * SECOND;
  await site.visit(visitor, (s) => set(s, 'a', Number(s.a) + 1));
  if (!row.carried) t.deepEqual(visitor.received, []);
  await site.visit(visitor, (s) => s.regenerate());
  for (const other of [fresh, new Visitor()]) {
    await site.visit(other, (s) => set(s, 'b', 1));
    t.is(await site.visit(other, (s) => s.b), 1);
  }
  t.is(await site.visit(visitor, (s) => s.a), 2);
  if (row.lists) t.is(await site.count(), 3);
  site.now += 110 * SECOND;
  t.is(await lookAt(site, visitor), undefined);
});

rule('a clock that was ahead for an hour makes no session longer', { timeout: 100 }, async (t, site) => {
  site.now += 3600 * SECOND;
  const visitor = await begun(site);
  site.now -= 3600 * SECOND;
  await site.visit(visitor, (s) => t.is(s.a, 1));
  site.now += 100 * SECOND;
  t.is(await lookAt(site, visitor), 1);
  site.now += 10 * SECOND;
  t.is(await lookAt(site, visitor), undefined);
});

rule(
  'a clock that jumps ahead lets sessions expire, and pages continue',
  { timeout: 100 },
  async (t, site) => {
    const visitor = await begun(site);
    const { id } = visitor;
    site.now += 3600 * SECOND;
    await site.visit(visitor, (s) => {
      t.deepEqual(Object.keys(s), []);
      s.a = 2;
    });
    t.not(visitor.id, id);
    t.is(await site.visit(visitor, (s) => s.a), 2);
  },
);

rule('each request prolongs, also where nothing is written', { timeout: 100 }, async (t, site) => {
  const visitor = await begun(site);
  for (let i = 0; i < 60; i++) {
    site.now += 7 * SECOND;
    await site.visit(visitor, (s) => t.is(s.a, 1));
  }
  site.now += 100 * SECOND;
  t.is(await lookAt(site, visitor), 1);
});

rule('a page that only looks prolongs', { timeout: 100 }, async (t, site, row) => {
  const visitor = await begun(site);
  site.now += 90 * SECOND;
  await site.visit(visitor, (s) => t.is(s.a, 1), { read_only: true });
  t.is(visitor.received.length, row.carried ? 1 : 0);
  site.now += 100 * SECOND;
  t.is(await lookAt(site, visitor), 1);
});

rule('touch: false does not prolong', { timeout: 100 }, async (t, site) => {
  const visitor = await begun(site);
  for (const read_only of [true, false]) {
    site.now += 50 * SECOND;
    await site.visit(visitor, (s) => t.is(s.a, 1), { touch: false, read_only });
  }
  site.now += 10 * SECOND;
  t.is(await lookAt(site, visitor), undefined);
});

rule('timeout 0: a session never ends', { timeout: 0 }, async (t, site) => {
  const visitor = await begun(site);
  site.now += 1e12;
  await site.visit(visitor, (s) => {
    t.is(s.a, 1);
    t.is(s.expires, null);
  });
});

rule('max_age ends it whatever happens', { timeout: 100, max_age: 150 }, async (t, site) => {
  const visitor = await begun(site);
  site.now += 90 * SECOND;
  await site.visit(visitor, (s) => set(s, 'b', 1));
  site.now += 60 * SECOND - 1;
  t.is(await lookAt(site, visitor), 1);
  site.now += 1;
  t.is(await lookAt(site, visitor), undefined);
});

rule('max_age alone', { timeout: 0, max_age: 150 }, async (t, site) => {
  const visitor = await begun(site);
  await site.visit(visitor, (s) => t.is(s.expires?.getTime(), site.now + 150 * SECOND));
  site.now += 150 * SECOND;
  t.is(await lookAt(site, visitor), undefined);
});

rule(
  'force: every request writes the deadline, which then is exact',
  { timeout: 100, force: true },
  async (t, site) => {
    const visitor = await begun(site);
    site.now += SECOND;
    await site.visit(visitor, () => undefined);
    t.is(await storedDeadline(site, visitor), site.now + 100 * SECOND);
    site.now += 100 * SECOND;
    t.is(await lookAt(site, visitor), undefined);
  },
);

rule('the deadline is written at most once in a tenth of the timeout', { timeout: 100 }, async (t, site) => {
  const visitor = await begun(site);
  const first = await storedDeadline(site, visitor);
  site.now += 10 * SECOND;
  await site.visit(visitor, () => undefined);
  t.is(await storedDeadline(site, visitor), first);
  site.now += 1;
  await site.visit(visitor, () => undefined);
  t.is(await storedDeadline(site, visitor), site.now + 110 * SECOND);
});

rule('remember: its own timeout, for the session and the cookie', { timeout: 100 }, async (t, site, row) => {
  const visitor = await begun(site);
  await site.visit(visitor, (s) => {
    s.remember = true;
  });
  t.true(visitor.received[0]?.includes(`; Max-Age=${row.carried ? FOR_GOOD : 2851200};`));
  site.now += 2592000 * SECOND;
  await site.visit(visitor, (s) => {
    t.true(s.remember);
    s.remember = false;
  });
  t.false(visitor.received[0]?.includes('Max-Age'));
  site.now += 110 * SECOND;
  t.is(await lookAt(site, visitor), undefined);
});

rule('an attribute may have a timeout of its own', { timeout: 100 }, async (t, site) => {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => {
    s.set('code', [42], { timeout: 60 });
    s.kept = 1;
  });
  site.now += 30 * SECOND;
  await site.visit(visitor, (s) => (s.code as number[]).push(43));
  site.now += 30 * SECOND - 1;
  t.deepEqual(await site.visit(visitor, (s) => s.code), [42, 43]);
  site.now += 1;
  await site.visit(visitor, (s) => {
    t.false('code' in s);
    t.is(s.kept, 1);
  });
});

rule('assigning an attribute again clears its timeout', { timeout: 100 }, async (t, site) => {
  for (const again of ['assign', 'set', 'update'] as const) {
    const visitor = new Visitor();
    await site.visit(visitor, (s) => s.set('code', 1, { timeout: 60 }));
    await site.visit(visitor, async (s) => {
      if (again === 'assign') s.code = 2;
      else if (again === 'set') s.set('code', 2);
      else await s.update((d) => Object.assign(d, { code: 2 }));
    });
    site.now += 60 * SECOND;
    t.is(await site.visit(visitor, (s) => s.code), 2, again);
  }
});

rule('an attribute never outlives its session', { timeout: 100 }, async (t, site) => {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => s.set('code', 1, { timeout: 1000 }));
  site.now += 110 * SECOND;
  t.is(await site.visit(visitor, (s) => s.get('code')), undefined);
});

rule('session-timeout-invalid: a timeout is a number above 0', {}, async (t, site) => {
  await site.visit(new Visitor(), (s) => {
    for (const timeout of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const problem = t.throws(() => s.set('a', 1, { timeout }), { instanceOf: Problem });
      t.is(problem?.code, 'session-timeout-invalid');
    }
  });
});

rule('changed settings hold for the next request', { timeout: 100 }, async (t, site) => {
  const visitor = await begun(site);
  site.sessions.configure(settings(site.place.config, { timeout: 10 }));
  await site.visit(visitor, () => undefined);
  t.is(await storedDeadline(site, visitor), site.now + 11 * SECOND);
});

test('json: an unchanged session is not rewritten, a change deep inside is', async (t) => {
  const site = await openSite(JSON_FILES);
  t.teardown(() => site.close());
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'cart', [{ n: 1 }]));
  const file = await onlyFile(site);
  const before = await stat(file);
  await site.visit(visitor, (s) => t.truthy(s.cart));
  t.is((await stat(file)).ino, before.ino);
  t.is((await stat(file)).mtimeMs, before.mtimeMs);
  await site.visit(visitor, (s) => Object.assign((s.cart as object[])[0] ?? {}, { n: 2 }));
  t.true((await readFile(file, 'utf8')).includes('"data":{"cart":[{"n":2}]}'));
});

test('json: only the modification time of an unchanged session moves', async (t) => {
  const site = await openSite(JSON_FILES, { timeout: 100 });
  t.teardown(() => site.close());
  const visitor = await begun(site);
  const file = await onlyFile(site);
  const before = await stat(file);
  site.now += 50 * SECOND;
  await site.visit(visitor, () => undefined);
  const after = await stat(file);
  t.is(after.ino, before.ino);
  t.is(Math.round(after.mtimeMs), site.now + 110 * SECOND);
});

async function begun(site: TestSite): Promise<Visitor> {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'a', 1));
  return visitor;
}

/** Looks without prolonging. */
function lookAt(site: TestSite, visitor: Visitor): Promise<unknown> {
  return site.visit(visitor, (s) => s.get('a'), { read_only: true, touch: false });
}

/** The deadline that a look does not move. */
function storedDeadline(site: TestSite, visitor: Visitor): Promise<number | undefined> {
  return site.visit(visitor, (s) => s.expires?.getTime(), { read_only: true, touch: false });
}

async function onlyFile(site: TestSite): Promise<string> {
  const dir = path.join(site.dir, 'sessions');
  const names = await readdir(dir, { recursive: true });
  return path.join(dir, names.find((name) => name.endsWith('.json')) ?? '');
}
