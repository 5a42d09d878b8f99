// RequestSession.flush(): the response begins before the page has ended (docs/sessions.md).

import test, { type ExecutionContext } from 'ava';
import { Problem } from '../../engine/diagnostics/problem.ts';
import type { RequestSession } from '../../engine/session/index.ts';
import { everyStore, type RuleOptions } from './every-store.ts';
import { MEMORY } from './rows/memory.ts';
import { openSite, set, type TestPage, type TestSite, Visitor } from './site.ts';

/** A request of a visitor that has acquired its lock. */
async function begunRequest(site: TestSite, visitor: Visitor): Promise<RequestSession> {
  const request = site.request(visitor.header);
  await request.begin('write');
  return request;
}

const opened = (request: RequestSession) => request.open() as TestPage;

/** A visitor whose session holds { a: 1 }. */
async function visitorWithSession(site: TestSite): Promise<Visitor> {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'a', 1));
  return visitor;
}

const rule = (
  title: string,
  run: (t: ExecutionContext, site: TestSite) => Promise<void>,
  needs: RuleOptions['needs'] = [],
) => everyStore(title, run, { session: { lock_timeout: 2 }, needs });

rule('flush() writes the changes of the page so far and releases the lock', async (t, site) => {
  const visitor = await visitorWithSession(site);
  const request = await begunRequest(site, visitor);
  opened(request).a = 2;
  await request.flush();
  visitor.receive(request.cookies);
  await site.visit(visitor.twin(), (other) => t.is(other.a, 2));
  await request.end();
});

rule(
  'the first cookie is known when flush() has ended',
  async (t, site) => {
    const visitor = new Visitor();
    const request = await begunRequest(site, visitor);
    const s = opened(request);
    await request.flush();
    visitor.receive(request.cookies);
    t.is(visitor.id, s.id);
    s.a = 1;
    await request.end();
    await site.visit(visitor, (again) => t.deepEqual({ ...again }, { a: 1 }));
  },
  ['server'],
);

rule(
  'changes after flush() are merged with changes of other requests',
  async (t, site) => {
    const visitor = await visitorWithSession(site);
    const request = await begunRequest(site, visitor);
    const s = opened(request);
    s.list = [1];
    await request.flush();
    await site.visit(visitor.twin(), (other) => {
      other.theirs = 1;
      other.a = 5;
    });
    (s.list as number[]).push(2);
    s.mine = 1;
    await request.end();
    await site.visit(visitor, (now) => t.deepEqual({ ...now }, { a: 5, list: [1, 2], theirs: 1, mine: 1 }));
    t.deepEqual(site.log, []);
  },
  ['server'],
);

rule(
  'a session that is opened only after flush() is merged as well',
  async (t, site) => {
    const visitor = await visitorWithSession(site);
    const request = await begunRequest(site, visitor);
    await request.flush();
    await site.visit(visitor.twin(), (other) => set(other, 'theirs', 1));
    opened(request).mine = 1;
    await request.end();
    await site.visit(visitor, (now) => t.deepEqual({ ...now }, { a: 1, theirs: 1, mine: 1 }));
    t.deepEqual(site.log, []);
  },
  ['server'],
);

rule(
  'if two requests changed the same attribute, this page wins and the log names flush()',
  async (t, site) => {
    const visitor = await visitorWithSession(site);
    const request = await begunRequest(site, visitor);
    const s = opened(request);
    await request.flush();
    await site.visit(visitor.twin(), (other) => set(other, 'a', 'theirs'));
    s.a = 'mine';
    await request.end();
    await site.visit(visitor, (now) => t.is(now.a, 'mine'));
    t.is(site.log.length, 1);
    t.regex(site.log[0] ?? '', /'a' after RESPONSE\.flush\(\)/);
  },
  ['server'],
);

rule(
  'update() after flush() changes the newest data',
  async (t, site) => {
    const visitor = await visitorWithSession(site);
    const request = await begunRequest(site, visitor);
    const s = opened(request);
    await request.flush();
    await site.visit(visitor.twin(), (other) => set(other, 'a', 10));
    t.is(
      await s.update((data) => {
        data.a = Number(data.a) + 1;
        return data.a;
      }),
      11,
    );
    await request.end();
    await site.visit(visitor, (now) => t.is(now.a, 11));
  },
  ['server'],
);

rule('flush() waits for save() and update() that the page did not await', async (t, site) => {
  const visitor = await visitorWithSession(site);
  const request = await begunRequest(site, visitor);
  const s = opened(request);
  s.b = 1;
  void s.save();
  void s.update((data) => {
    data.c = 1;
  });
  await request.flush();
  visitor.receive(request.cookies);
  await site.visit(visitor.twin(), (other) => t.deepEqual({ ...other }, { a: 1, b: 1, c: 1 }));
  await request.end();
});

rule('flush() fails for an update() that failed unseen, once', async (t, site) => {
  const visitor = await visitorWithSession(site);
  const request = await begunRequest(site, visitor);
  const s = opened(request);
  void s.update(() => {
    throw new Error('in the update');
  });
  await t.throwsAsync(async () => request.flush(), { message: 'in the update' });
  await t.notThrowsAsync(async () => request.end());
});

rule('a call that needs a cookie after flush() is an error that says so', async (t, site) => {
  const visitor = await visitorWithSession(site);
  const request = await begunRequest(site, visitor);
  const s = opened(request);
  await request.flush();
  const late: readonly (() => unknown)[] = [
    () => s.close(),
    () => s.regenerate(),
    () => {
      s.remember = true;
    },
  ];
  for (const change of late) {
    const error = t.throws(change, { instanceOf: Problem });
    t.is(error?.code, 'session-response-begun');
  }
  await request.end();
  await site.visit(visitor, (now) => t.deepEqual({ ...now }, { a: 1 }));
});

rule('other settings of the cookie after flush() are an error where they are assigned', async (t, site) => {
  const visitor = await visitorWithSession(site);
  const request = await begunRequest(site, visitor);
  const s = opened(request);
  await request.flush();
  for (const change of [
    () => Object.assign(s.cookie, { timeout: 60 }),
    () => Object.assign(s, { cookie: { timeout: 60 } }),
  ])
    t.throws(change, { instanceOf: Problem, code: 'session-response-begun' });
  await request.end();
  await site.visit(visitor.twin(), (now) => t.is(now.a, 1));
});

rule('a visitor without a session cannot begin one after flush()', async (t, site) => {
  const request = await begunRequest(site, new Visitor());
  await request.flush();
  const error = t.throws(() => request.open(), { instanceOf: Problem });
  t.is(error?.code, 'session-response-begun');
  await request.end();
});

rule(
  'a visitor without a session can look at an empty one after flush(), and not begin it',
  async (t, site) => {
    const request = await begunRequest(site, new Visitor());
    await request.flush();
    const s = request.open({ read_only: true }) as TestPage;
    t.is(s.get('a'), undefined);
    const begins = s.update((data) => {
      data.a = 1;
    });
    const error = await t.throwsAsync(begins, { instanceOf: Problem });
    t.is(error?.code, 'session-response-begun');
    await request.end();
  },
);

rule('close() before flush() ends the session; a new one cannot begin then', async (t, site) => {
  const visitor = await visitorWithSession(site);
  const request = await begunRequest(site, visitor);
  opened(request).close();
  await request.flush();
  t.regex(request.cookies[0] ?? '', /Max-Age=0/);
  t.throws(() => request.open(), { instanceOf: Problem });
  await request.end();
  visitor.receive(request.cookies);
  await site.visit(visitor.twin(), (now) => t.false(now.has('a')));
});

rule(
  'regenerate() before flush() sends the new id',
  async (t, site) => {
    const visitor = await visitorWithSession(site);
    const before = visitor.id;
    const request = await begunRequest(site, visitor);
    const s = opened(request);
    s.regenerate();
    await request.flush();
    visitor.receive(request.cookies);
    t.not(visitor.id, before);
    s.b = 2;
    await request.end();
    await site.visit(visitor, (now) => t.deepEqual({ ...now }, { a: 1, b: 2 }));
  },
  ['server'],
);

rule('flush() without a session does nothing', async (t, site) => {
  const request = site.request(undefined);
  await request.flush();
  await request.end();
  t.deepEqual(request.cookies, []);
});

test('memory: flush() of a session whose lock is free makes no promise', async (t) => {
  const site = await openSite(MEMORY);
  t.teardown(() => site.close());
  const visitor = await visitorWithSession(site);
  const request = await begunRequest(site, visitor);
  opened(request).a = 2;
  t.is(request.flush(), undefined);
  t.is(request.end(), undefined);
});
