// The identities of an id (docs/sessions.md, *Which session an id opens*), row by row, in every store.

import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import test, { type ExecutionContext } from 'ava';
import { SessionEndedError } from '../../engine/session/index.ts';
import { sessionKey } from '../../engine/session/request/session-id.ts';
import { everyStore } from './every-store.ts';
import { MEMORY } from './rows/memory.ts';
import { openSite, set, type TestPage, type TestSite, Visitor } from './site.ts';

const MINUTE = 60_000;

everyStore(
  'no id: an empty session, a new id is sent, an entry begins with the first write only',
  async (t, site, row) => {
    const visitor = new Visitor();
    await site.visit(visitor, (s) => t.deepEqual(Object.keys(s), []));
    t.is(visitor.received.length, 1);
    t.regex(visitor.id ?? '', /^[\w-]{48}$/);
    if (row.lists) t.is(await site.count(), 0);
    await site.visit(visitor, (s) => set(s, 'a', 1));
    if (row.lists) t.is(await site.count(), 1);
  },
);

everyStore('no id: a first write begins under the id that is sent', async (t, site) => {
  const visitor = new Visitor();
  const id = await site.visit(visitor, (s) => {
    s.a = 1;
    return s.id;
  });
  t.true(id === visitor.id);
  t.is(await site.visit(visitor, (s) => s.a), 1);
});

everyStore('a live id: its data, no cookie', async (t, site, row) => {
  const visitor = await visitorWith(site, 'a', 1);
  await site.visit(visitor, (s) => {
    t.is(s.a, 1);
    s.a = 2;
  });
  t.is(visitor.received.length, row.carried ? 1 : 0);
  t.is(await site.visit(visitor, (s) => s.a), 2);
});

everyStore('a fresh id: empty, a first write begins under it, no cookie', async (t, site, row) => {
  const visitor = new Visitor();
  await site.visit(visitor, () => undefined);
  const issued = visitor.id;
  site.now += 5 * MINUTE - 1;
  await site.visit(visitor, (s) => {
    t.true(s.is_new);
    s.a = 1;
  });
  t.is(visitor.received.length, row.carried ? 1 : 0);
  t.is(visitor.id, issued);
  t.is(await site.visit(visitor, (s) => s.a), 1);
});

everyStore(
  'three frames that write first keep all three changes',
  async (t, site, row) => {
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
    if (row.lists) t.is(await site.count(), 1);
  },
  { needs: ['server'] },
);

everyStore('an id that is not fresh any more and was never written gets a new one', async (t, site) => {
  const visitor = new Visitor();
  await site.visit(visitor, () => undefined);
  const issued = visitor.id;
  site.now += 5 * MINUTE;
  await site.visit(visitor, (s) => set(s, 'a', 1));
  t.not(visitor.id, issued);
  t.is(await site.visit(visitor, (s) => s.a), 1);
});

everyStore(
  'an id retired by close(): empty, a write is SessionEndedError, no cookie',
  async (t, site) => {
    const visitor = await visitorWith(site, 'a', 1);
    const late = visitor.twin();
    await site.visit(visitor, (s) => s.close());
    t.is(visitor.header, undefined);
    await retired(t, site, late);
  },
  { needs: ['server'] },
);

everyStore(
  'an id retired by regenerate(): empty, a write is SessionEndedError, no cookie',
  async (t, site) => {
    const visitor = await visitorWith(site, 'a', 1);
    const late = visitor.twin();
    await site.visit(visitor, (s) => s.regenerate());
    await retired(t, site, late);
    t.is(await site.visit(visitor, (s) => s.a), 1);
  },
  { needs: ['server'] },
);

everyStore(
  'a fresh id that was never written is retired too',
  async (t, site) => {
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
  },
  { needs: ['server'] },
);

/** A request that began at a time and comes late finds the id retired, and no longer a millisecond later. */
async function knownToLateRequests(t: ExecutionContext, site: TestSite, late: Visitor, began: number) {
  const write = () => site.visit(late.twin(), (s) => set(s, 'a', 2), undefined, { arrived: began });
  await t.throwsAsync(write, { instanceOf: SessionEndedError });
  site.now += 1;
  await t.notThrowsAsync(write);
  await unknown(t, site, late);
}

everyStore(
  'a retired id is known for its five minutes',
  async (t, site) => {
    const visitor = await visitorWith(site, 'a', 1);
    const late = visitor.twin();
    const began = site.now;
    await site.visit(visitor, (s) => s.close());
    site.now += 5 * MINUTE - 1;
    await knownToLateRequests(t, site, late, began);
  },
  { needs: ['server'] },
);

everyStore(
  'an old id that is retired is known for a minute',
  async (t, site) => {
    const visitor = await visitorWith(site, 'a', 1);
    site.now += 20 * MINUTE;
    const late = visitor.twin();
    const began = site.now;
    await site.visit(visitor, (s) => s.regenerate());
    site.now += MINUTE - 1;
    await knownToLateRequests(t, site, late, began);
  },
  { needs: ['server'] },
);

everyStore(
  'an id is retired for 10 s; then a first write begins under a new id, never under the retired one',
  async (t, site) => {
    for (const end of ['close', 'regenerate'] as const) {
      const visitor = await visitorWith(site, 'a', 1);
      const late = visitor.twin();
      await site.visit(visitor, (s) => s[end]());
      site.now += 9_999;
      await retired(t, site, late);
      site.now += 1;
      await unknown(t, site, late);
    }
  },
  { needs: ['server'] },
);

everyStore(
  'a request that began before its session ended finds it retired, however late it opens it',
  async (t, site) => {
    const visitor = await visitorWith(site, 'a', 1);
    const late = visitor.twin();
    const began = site.now;
    await site.visit(visitor, (s) => s.close());
    site.now += 30_000;
    const write = site.visit(late, (s) => set(s, 'a', 2), undefined, { arrived: began });
    await t.throwsAsync(write, { instanceOf: SessionEndedError });
    t.deepEqual(late.received, []);
  },
  { needs: ['server'] },
);

everyStore(
  'regenerate() under a retired id begins a new session: a login whose answer was lost can be repeated',
  async (t, site, row) => {
    const visitor = await visitorWith(site, 'a', 1);
    const late = visitor.twin();
    await site.visit(visitor, (s) => s.regenerate());
    await site.visit(late, (s) => {
      t.throws(() => set(s, 'user', 'jean'), { instanceOf: SessionEndedError });
      s.regenerate();
      t.true(s.is_new);
      t.deepEqual(Object.keys(s), []);
      s.user = 'jean';
    });
    t.is(late.received.length, 1);
    t.not(late.id, visitor.id);
    t.deepEqual(await site.visit(late, (s) => ({ ...s })), { user: 'jean' });
    t.deepEqual(await site.visit(visitor, (s) => ({ ...s })), { a: 1 });
    if (row.lists) t.is(await site.count(), 2);
  },
  { needs: ['server'] },
);

everyStore(
  'regenerate() under a retired id sends no cookie as long as nothing is stored: the visitor has a newer one',
  async (t, site) => {
    const visitor = await visitorWith(site, 'a', 1);
    const late = visitor.twin();
    await site.visit(visitor, (s) => s.regenerate());
    await site.visit(late, (s, open) => {
      s.regenerate();
      t.is(open().get('a'), undefined);
    });
    t.deepEqual(late.received, []);
    const request = site.request(late.header);
    await request.begin('write');
    const session = request.open() as TestPage;
    session.regenerate();
    await request.flush();
    t.throws(() => set(session, 'a', 2), { code: 'session-response-begun' });
    t.throws(() => session.flash('a', 2), { code: 'session-response-begun' });
    await t.throwsAsync(session.update((data) => Object.assign(data, { a: 2 })));
    await request.end();
    t.deepEqual(request.cookies, []);
    t.deepEqual(await site.visit(visitor, (s) => ({ ...s })), { a: 1 });
  },
  { needs: ['server'] },
);

everyStore(
  'regenerate() under a retired id is refused where the id could not be sent or stored',
  async (t, site) => {
    const visitor = await visitorWith(site, 'a', 1);
    const late = visitor.twin();
    await site.visit(visitor, (s) => s.regenerate());
    await site.visit(late, (s) => t.throws(() => s.regenerate(), { code: 'session-read-only' }), {
      read_only: true,
    });
    const request = site.request(late.header);
    await request.begin('write');
    const session = request.open() as TestPage;
    await request.flush();
    t.throws(() => session.regenerate(), { code: 'session-response-begun' });
    t.throws(() => set(session, 'a', 2), { instanceOf: SessionEndedError });
    await request.end();
    t.deepEqual(request.cookies, []);
  },
  { needs: ['server'] },
);

everyStore(
  'a session that an operator deleted begins again under a new id, also when its id is young',
  async (t, site, row) => {
    const visitor = await visitorWith(site, 'a', 1);
    const key = sessionKey(visitor.id ?? '');
    t.true(await site.sessions.administration.delete(key));
    t.false(await site.sessions.administration.delete(key));
    const seen = await site.visit(visitor.twin(), (s) => ({ ...s }), { read_only: true });
    t.deepEqual(seen, {});
    if (row.lists) t.is(await site.count(), 0);
    site.now += 5 * MINUTE - 1;
    await unknown(t, site, visitor);
  },
  { needs: ['server'] },
);

everyStore(
  'a session that an operator deletes while its page runs is not written back',
  async (t, site, row) => {
    const visitor = await visitorWith(site, 'a', 1);
    const deleted = site.visit(visitor.twin(), async (s) => {
      await s.save();
      t.true(await site.sessions.administration.delete(sessionKey(visitor.id ?? '')));
      s.b = 2;
    });
    await t.throwsAsync(deleted, { instanceOf: SessionEndedError });
    if (row.lists) t.is(await site.count(), 0);
    await unknown(t, site, visitor);
  },
  { needs: ['server'] },
);

everyStore('the session of an expired id begins under a new one', async (t, site) => {
  const visitor = await visitorWith(site, 'a', 1);
  site.now += 2 * 3600_000;
  await unknown(t, site, visitor);
});

everyStore(
  'the session of an expired id begins under a new one, also when it is young',
  async (t, site) => {
    const visitor = await visitorWith(site, 'a', 1);
    site.now += 110_000;
    await unknown(t, site, visitor);
  },
  { session: { timeout: 100 } },
);

everyStore(
  'the session of an id too old by max_age begins under a new one, also when it is young',
  async (t, site) => {
    const visitor = await visitorWith(site, 'a', 1);
    site.now += 100_000;
    await unknown(t, site, visitor);
  },
  { session: { max_age: 100 } },
);

everyStore(
  'a page that only reads writes nothing and sends no cookie, whatever the id',
  async (t, site, row) => {
    const expired = await visitorWith(site, 'a', 0);
    site.now += 2 * 3600_000;
    const live = await visitorWith(site, 'a', 1);
    const closed = await visitorWith(site, 'a', 0);
    const retired = row.carried ? new Visitor() : closed.twin();
    await site.visit(closed, (s) => s.close());
    const fresh = new Visitor();
    await site.visit(fresh, () => undefined);
    const forged = new Visitor();
    forged.header = `sessionId=${randomBytes(36).toString('base64url')}`;
    const stored = row.lists ? await site.count() : 0;
    for (const [kind, visitor] of Object.entries({
      none: new Visitor(),
      live,
      fresh,
      retired,
      expired,
      forged,
    })) {
      const seen = await site.visit(visitor, (s) => ({ ...s }), { read_only: true });
      t.deepEqual(seen, kind === 'live' ? { a: 1 } : {}, kind);
      t.deepEqual(visitor.received, [], kind);
    }
    if (row.lists) t.is(await site.count(), stored);
  },
);

/** Texts that a visitor may send in the place of an id. */
const HOSTILE = [
  '../../x',
  '..%2F..%2Fx',
  '/etc/passwd',
  'a\u0000b',
  'a%00b',
  'x'.repeat(10_000),
  'é漢😀',
  '%C3%A9%E6%BC%A2',
  '__proto__',
  'constructor',
  'secret',
  'damaged',
  '*',
  '{}',
  "' OR 1=1 --",
  'ab'.repeat(32),
  'A'.repeat(48),
  '-'.repeat(48),
  randomBytes(36).toString('base64url'),
];

/** Entries of sessions, their subfolders, and the lock that the sweep of the background acquires in a folder. */
const NOT_OF_THE_ID = /[0-9a-f]{64}|^[0-9a-f]{2}$|^sweep\.lock$|\.owner$/;

everyStore(
  'a hostile or invented id names no entry, and a session begins under a new one',
  async (t, site, row) => {
    const others = async () =>
      ((await row.names?.(site.place)) ?? []).filter((name) => !NOT_OF_THE_ID.test(name));
    const before = { others: await others(), folder: await readdir(site.dir) };
    const begun = new Set<string>();
    for (const id of HOSTILE) {
      const visitor = new Visitor();
      visitor.header = `sessionId=${id}`;
      await site.visit(visitor, (s) => t.deepEqual(Object.keys(s), []), { read_only: true });
      await unknown(t, site, visitor);
      begun.add(sessionKey(visitor.id ?? ''));
    }
    t.is(begun.size, HOSTILE.length);
    const names = (await row.names?.(site.place)) ?? [];
    const keys = names.flatMap((name) => /[0-9a-f]{64}/.exec(name)?.[0] ?? []);
    t.deepEqual(
      keys.filter((key) => !begun.has(key)),
      [],
    );
    t.deepEqual({ others: await others(), folder: await readdir(site.dir) }, before);
    if (row.lists) t.is(await site.count(), HOSTILE.length);
  },
);

const forged: Record<string, (id: string) => string> = {
  'another MAC': (id) => id.slice(0, -1) + (id.endsWith('A') ? 'B' : 'A'),
  'a later time': (id) => `${id.slice(0, 26)}${id[26] === 'A' ? 'B' : 'A'}${id.slice(27)}`,
  'another shape': () => 'abc',
  'nothing in it': () => '',
  'a path': () => '../../etc/passwd',
};
for (const [what, forge] of Object.entries(forged)) {
  everyStore(`the session of a forged id (${what}) begins under a new one`, async (t, site) => {
    const visitor = new Visitor();
    await site.visit(visitor, () => undefined);
    visitor.header = `sessionId=${forge(visitor.id ?? '')}`;
    await unknown(t, site, visitor);
  });
}

everyStore('rubbish in the Cookie header is tolerated', async (t, site) => {
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

test('memory: the session of an evicted id begins under a new one', async (t) => {
  const site = await openSite(MEMORY, {}, { max_sessions: 1 });
  t.teardown(() => site.close());
  const first = await visitorWith(site, 'a', 1);
  site.now += 5 * MINUTE;
  await visitorWith(site, 'a', 2);
  await unknown(t, site, first);
});

test('memory: the session of an evicted id begins under a new one, also when it is young', async (t) => {
  const site = await openSite(MEMORY, {}, { max_sessions: 2 });
  t.teardown(() => site.close());
  const visitors: Visitor[] = [];
  for (let n = 0; n < 4; n++) visitors.push(await visitorWith(site, 'a', n));
  site.now += 5 * MINUTE - 1;
  for (const evicted of visitors.slice(0, 2)) {
    const seen = await site.visit(evicted.twin(), (s) => ({ ...s }), { read_only: true });
    t.deepEqual(seen, {});
    await unknown(t, site, evicted);
  }
});

test('memory: as many evicted ids are remembered as the store may have sessions', async (t) => {
  const site = await openSite(MEMORY, {}, { max_sessions: 1 });
  t.teardown(() => site.close());
  const [first, second] = [await visitorWith(site, 'a', 1), await visitorWith(site, 'a', 2)];
  await visitorWith(site, 'a', 3);
  await unknown(t, site, second);
  const presented = first.id;
  await site.visit(first, (s) => set(s, 'a', 'again'));
  t.is(first.id, presented);
});

test('memory: visitors without stored attributes evict no session', async (t) => {
  const site = await openSite(MEMORY, {}, { max_sessions: 1 });
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
