// The cookie store: the cookies of each response, the deadline that holds, and the cookies of a visitor that it accepts.

import test, { type ExecutionContext } from 'ava';
import type { SessionConfig } from '../../../config/schema.ts';
import { Problem } from '../../../engine/diagnostics/problem.ts';
import { openSessions } from '../../../engine/session/index.ts';
import { COOKIE_STORE } from '../rows/cookie.ts';
import { COOKIE, openSite, set, settings, type TestPage, type TestSite, Visitor } from '../site.ts';

const SECOND = 1000;

async function opened(t: ExecutionContext, session?: Partial<SessionConfig>): Promise<TestSite> {
  const site = await openSite(COOKIE_STORE, session);
  t.teardown(() => site.close());
  return site;
}

/** A visitor whose session holds { a: 1 }. */
async function begun(site: TestSite): Promise<Visitor> {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'a', 1));
  return visitor;
}

/** The names of the cookies that the last response sent. */
const sent = ({ received }: Visitor): string[] => received.map((cookie) => cookie.split('=')[0] ?? '');

test('start-up names the store, and nothing of the secrets', async (t) => {
  const site = await opened(t);
  t.is(site.sessions.description, 'cookie (encrypted)');
});

test('sessions-in-cookies: the commands for sessions say that the visitors keep them', async (t) => {
  const { sessions } = await opened(t);
  const { administration } = sessions;
  const asked = [
    async () => administration.list()[Symbol.asyncIterator]().next(),
    () => administration.show('a'),
    () => administration.delete('a'),
    () => administration.clear(),
    () => administration.gc(),
  ];
  for (const ask of asked) {
    const problem = await t.throwsAsync(ask, { instanceOf: Problem });
    t.is(problem?.code, 'sessions-in-cookies');
  }
});

test('session-cookie-too-big: names the size and the biggest attributes, and sends nothing', async (t) => {
  const site = await opened(t);
  const visitor = await begun(site);
  const request = site.request(visitor.header);
  await request.begin('write');
  const s = request.open() as TestPage;
  s.small = 'x';
  s.cart = randomText(4000);
  s.flash('note', randomText(1000));
  const problem = await t.throwsAsync(async () => request.end(), { instanceOf: Problem });
  t.is(problem?.code, 'session-cookie-too-big');
  t.regex(problem?.message ?? '', /would have \d{4} bytes, expected at most 4096;/);
  t.regex(
    problem?.message ?? '',
    /: s\.cart \(4002 bytes\), flash note \(1002 bytes\), s\.small \(3 bytes\)$/,
  );
  t.deepEqual(request.cookies, []);
  await site.visit(visitor, (now) => t.deepEqual({ ...now }, { a: 1 }));
});

test('a cookie may have 4096 bytes with its name and attributes, and no more', async (t) => {
  const site = await opened(t, { cookie: { ...COOKIE, name: '__Host-sid' } });
  const sizes: number[] = [];
  for (let length = 3600; sizes.length < 2; length += sizes.length === 0 ? 4 : 0) {
    const request = site.request();
    await request.begin('write');
    Reflect.set(request.open(), 'text', randomText(length));
    try {
      await request.end();
      t.true((request.cookies[0]?.length ?? 0) <= 4096);
    } catch (error) {
      sizes.push(Number(/would have (\d+) bytes/.exec(String(error))?.[1]));
    }
  }
  t.true(
    sizes.every((size) => size > 4096 && size < 4140),
    String(sizes),
  );
});

test('data that deflates well may be longer than the cookie', async (t) => {
  const site = await opened(t);
  const visitor = await begun(site);
  await site.visit(visitor, (s) => set(s, 'text', 'abc '.repeat(50_000)));
  t.true((visitor.received[0]?.length ?? 0) < 4096);
  t.is(await site.visit(visitor, (s) => s.text), 'abc '.repeat(50_000));
});

function randomText(length: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return Array.from({ length }, () => letters[Math.floor(Math.random() * 64)]).join('');
}

test('only changes are sent: data in the session cookie, a deadline in a small one', async (t) => {
  const site = await opened(t, { timeout: 100 });
  const visitor = await begun(site);
  t.deepEqual(sent(visitor), ['sessionId']);
  site.now += 10 * SECOND;
  await site.visit(visitor, () => undefined);
  t.deepEqual(sent(visitor), []);
  site.now += 1;
  await site.visit(visitor, () => undefined);
  t.deepEqual(sent(visitor), ['sessionId_t']);
  t.true((visitor.received[0]?.length ?? 0) < 200);
  await site.visit(visitor, () => undefined);
  t.deepEqual(sent(visitor), []);
  await site.visit(visitor, (s) => set(s, 'a', 2));
  t.deepEqual(sent(visitor), ['sessionId']);
  site.now += 99 * SECOND;
  t.is(await site.visit(visitor, (s) => s.a), 2);
});

test('a read-only page never undoes a write of another page meanwhile', async (t) => {
  const site = await opened(t, { timeout: 100, cookie: { ...COOKIE, timeout: 200 } });
  const visitor = await begun(site);
  site.now += 90 * SECOND;
  const reader = site.request(visitor.header);
  await reader.begin('write');
  t.is((reader.open() as TestPage).a, 1);
  await site.visit(visitor, (s) => set(s, 'a', 2));
  await reader.end();
  visitor.receive(reader.cookies);
  t.deepEqual(sent(visitor), ['sessionId_t']);
  t.is(await site.visit(visitor, (s) => s.a), 2);
  site.now += 100 * SECOND;
  t.is(await site.visit(visitor, (s) => s.a), 2);
});

test('of two pages that write at once the last one wins, whole', async (t) => {
  const site = await opened(t);
  const visitor = await begun(site);
  const [first, second] = [site.request(visitor.header), site.request(visitor.header)];
  for (const request of [first, second]) await request.begin('write');
  Object.assign(first.open(), { a: 'first', b: 1 });
  Object.assign(second.open(), { a: 'second', c: 1 });
  for (const request of [second, first]) {
    await request.end();
    visitor.receive(request.cookies);
  }
  await site.visit(visitor, (s) => t.deepEqual({ ...s }, { a: 'first', b: 1 }));
});

test('an attribute that ends by its own timeout makes no page send the data again', async (t) => {
  const site = await opened(t);
  const visitor = new Visitor();
  await site.visit(visitor, (s) => {
    s.a = 1;
    s.set('code', 42, { timeout: 60 });
  });
  site.now += 60 * SECOND;
  await site.visit(visitor, (s) => t.deepEqual({ ...s }, { a: 1 }));
  t.deepEqual(sent(visitor), []);
});

test('the timeout of the cookie holds for the session, wherever the cookie was kept', async (t) => {
  const site = await opened(t, { timeout: 0, cookie: { ...COOKIE, timeout: 100 } });
  const visitor = await begun(site);
  site.now += 90 * SECOND;
  await site.visit(visitor, () => undefined);
  t.regex(visitor.received[0] ?? '', /^sessionId_t=.*; Max-Age=110;/);
  site.now += 109 * SECOND;
  t.is(await site.visit(visitor.twin(), (s) => s.get('a')), 1);
  site.now += SECOND;
  t.is(await site.visit(visitor.twin(), (s) => s.get('a')), undefined);
});

test('the browser keeps the data as long as it may matter: 400 days, or max_age', async (t) => {
  const lasting = { ...COOKIE, timeout: 100 };
  const site = await opened(t, { cookie: lasting });
  t.regex((await begun(site)).received[0] ?? '', /; Max-Age=34560000;/);
  const ending = await opened(t, { max_age: 1000, cookie: lasting });
  const visitor = await begun(ending);
  t.regex(visitor.received[0] ?? '', /; Max-Age=1000;/);
  ending.now += 50 * SECOND;
  await ending.visit(visitor, (s) => set(s, 'a', 2));
  t.regex(visitor.received[0] ?? '', /; Max-Age=950;/);
});

test('a cookie that becomes lasting by the configuration is sent anew, data and all', async (t) => {
  const site = await opened(t);
  const visitor = await begun(site);
  const config = settings(site.place.config, { cookie: { ...COOKIE, timeout: 100 } });
  site.sessions.configure(config);
  await site.visit(visitor, (s) => t.is(s.a, 1));
  t.deepEqual(sent(visitor), ['sessionId']);
  t.regex(visitor.received[0] ?? '', /; Max-Age=34560000;/);
  await site.visit(visitor, (s) => t.is(s.a, 1));
  t.deepEqual(sent(visitor), []);
});

test('s.cookie with another path removes the cookies of the former path', async (t) => {
  const site = await opened(t);
  const visitor = await begun(site);
  await site.visit(visitor, (s) => {
    s.cookie.path = '/shop';
  });
  t.deepEqual(
    visitor.received.map((cookie) => cookie.replace(/=[^;]{50,}/, '=…')),
    [
      'sessionId=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax',
      'sessionId_t=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax',
      'sessionId=…; Path=/shop; HttpOnly; SameSite=Lax',
    ],
  );
  t.is(await site.visit(visitor, (s) => s.a), 1);
});

test('close() cannot revoke a copy, and a page that is still at it brings the session back', async (t) => {
  const site = await opened(t, { max_age: 1000 });
  const visitor = await begun(site);
  const copy = visitor.twin();
  await site.visit(visitor, (s) => s.close());
  t.is(visitor.header, undefined);
  t.is(await site.visit(copy, (s) => s.a), 1);
  site.now += 1000 * SECOND;
  t.is(await site.visit(copy, (s) => s.get('a')), undefined);
});

const late: Readonly<Record<string, (s: TestPage) => unknown>> = {
  'an assignment': (s) => set(s, 'a', 2),
  'a new attribute': (s) => s.set('b', 2),
  'a deletion': (s) => Reflect.deleteProperty(s, 'a'),
  'a flash': (s) => s.flash('note', 'x'),
  'an update()': (s) => s.update((d) => Object.assign(d, { a: 2 })),
};
for (const [what, change] of Object.entries(late)) {
  test(`${what} after flush() is an error where it stands`, async (t) => {
    const site = await opened(t);
    const visitor = await begun(site);
    const request = site.request(visitor.header);
    await request.begin('write');
    const s = request.open() as TestPage;
    s.before = 1;
    await request.flush();
    visitor.receive(request.cookies);
    const problem = await t.throwsAsync(async () => change(s), { instanceOf: Problem });
    t.is(problem?.code, 'session-response-begun');
    await request.end();
    await site.visit(visitor, (now) => t.deepEqual({ ...now }, { a: 1, before: 1 }));
  });
}

test('a change deep inside after flush() fails the request at its end', async (t) => {
  const site = await opened(t);
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'cart', []));
  const request = site.request(visitor.header);
  await request.begin('write');
  const { cart } = request.open() as { cart: number[] };
  await request.flush();
  cart.push(1);
  const problem = await t.throwsAsync(async () => request.end(), { instanceOf: Problem });
  t.is(problem?.code, 'session-response-begun');
  t.regex(problem?.message ?? '', /a change of the session, which is kept in it, needs the session cookie/);
});

test('a page that changes nothing after flush() ends well, also when its deadline moves again', async (t) => {
  const site = await opened(t, { timeout: 100, force: true });
  const visitor = await begun(site);
  const request = site.request(visitor.header);
  await request.begin('write');
  request.open();
  site.now += SECOND;
  await request.flush();
  t.is(request.cookies.length, 1);
  site.now += SECOND;
  await request.end();
  t.is(request.cookies.length, 1);
});

test('a flush() that fails since the session is too big loses nothing silently', async (t) => {
  const site = await opened(t);
  const visitor = await begun(site);
  const request = site.request(visitor.header);
  await request.begin('write');
  const s = request.open() as TestPage;
  s.text = randomText(5000);
  await t.throwsAsync(async () => request.flush(), { code: 'session-cookie-too-big' });
  await t.throwsAsync(async () => request.end(), { code: 'session-cookie-too-big' });
  t.deepEqual(request.cookies, []);
});

test('session-cookie-too-big: save() says it at once, and a page that then takes something out ends well', async (t) => {
  const site = await opened(t);
  const visitor = await begun(site);
  await site.visit(visitor, async (s) => {
    s.text = randomText(5000);
    await t.throwsAsync(s.save(), { code: 'session-cookie-too-big' });
    s.text = 'short';
    await s.save();
  });
  t.deepEqual(await site.visit(visitor, (s) => ({ ...s })), { a: 1, text: 'short' });
});

test('session-cookie-too-big: a page that hears it of save() and goes on as before fails at its end', async (t) => {
  const site = await opened(t);
  const visitor = await begun(site);
  const pretends = site.visit(visitor, async (s) => {
    s.text = randomText(5000);
    await s.save().catch(() => undefined);
  });
  await t.throwsAsync(pretends, { code: 'session-cookie-too-big' });
  t.deepEqual(await site.visit(visitor, (s) => ({ ...s })), { a: 1 });
});

for (const whose of ['a session', 'a visitor without one']) {
  test(`session-cookie-too-big: update() in a page that only reads says it at once: ${whose}`, async (t) => {
    const site = await opened(t);
    const visitor = whose === 'a session' ? await begun(site) : new Visitor();
    await site.visit(
      visitor,
      async (s) => {
        const grow = s.update((data) => {
          data.text = randomText(5000);
        });
        await t.throwsAsync(grow, { code: 'session-cookie-too-big' });
        await s.update((data) => {
          data.text = 'short';
        });
      },
      { read_only: true },
    );
    t.is(await site.visit(visitor, (s) => s.text), 'short');
  });
}

test('a change deep inside after flush() is not sent, and save() says so at once', async (t) => {
  const site = await opened(t);
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'cart', []));
  const request = site.request(visitor.header);
  await request.begin('write');
  const s = request.open() as TestPage;
  s.before = 1;
  await request.flush();
  await s.save();
  (s.cart as number[]).push(1);
  await t.throwsAsync(s.save(), { code: 'session-response-begun' });
  await t.throwsAsync(async () => request.end(), { code: 'session-response-begun' });
});

test('requests of one visitor do not wait for each other', async (t) => {
  const site = await opened(t);
  const visitor = await begun(site);
  const requests = [1, 2, 3].map(() => site.request(visitor.header));
  for (const request of requests) await request.begin('write');
  for (const request of requests) t.is((request.open() as TestPage).a, 1);
  for (const request of requests) await request.end();
});

test('session-store-option: secrets are a list of texts of at least 32 characters', async (t) => {
  for (const secrets of [undefined, [], ['short'], 'x'.repeat(40), [1], ['x'.repeat(40), 'hunter2']]) {
    const config = settings({ store: 'cookie', secrets });
    const opening = async () => openSessions(config, { base_dir: '/', log: () => {} });
    const problem = await t.throwsAsync(opening, { instanceOf: Problem });
    t.is(problem?.code, 'session-store-option');
    t.false(problem?.message.includes('hunter2'));
  }
});
