// The session cookie: its attributes, when it is sent, changed and removed.

import type { ExecutionContext } from 'ava';
import type { SessionConfig } from '../../config/schema.ts';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { everyStore } from './every-store.ts';
import type { StoreRow } from './rows/row.ts';
import { COOKIE, set, type TestPage, type TestSite, Visitor } from './site.ts';

/** How long a browser keeps a cookie that holds data. The end of the session is a part of the data. */
const FOR_GOOD = 400 * 86_400;

const rule = (
  title: string,
  cookie: Partial<SessionConfig['cookie']>,
  run: (t: ExecutionContext, site: TestSite, row: StoreRow) => Promise<void>,
) => everyStore(title, run, { session: { cookie: { ...COOKIE, ...cookie } } });

rule('by default the cookie lasts until the browser closes', {}, async (t, site) => {
  const visitor = await begun(site);
  t.deepEqual(visitor.received, [`${visitor.header}; Path=/; HttpOnly; SameSite=Lax`]);
});

rule('secure "auto" follows the connection', {}, async (t, site) => {
  const visitor = new Visitor();
  await site.visit(visitor, () => undefined, undefined, { secure: true });
  t.true(visitor.received[0]?.includes('; Secure'));
});

rule(
  'all settings reach the cookie',
  {
    name: 'sid',
    path: '/shop',
    domain: 'example.org',
    secure: true,
    http_only: false,
    same_site: 'strict',
    timeout: 100,
  },
  async (t, site, row) => {
    const visitor = await begun(site);
    t.is(
      visitor.received[0],
      `${visitor.header}; Max-Age=${row.carried ? FOR_GOOD : 110}; Domain=example.org; Path=/shop; Secure; SameSite=Strict`,
    );
    t.is(await site.visit(visitor, (s) => s.a), 1);
  },
);

rule(
  'a cookie with a timeout is sent again after a tenth of it, but not by a read-only page',
  { timeout: 100 },
  async (t, site) => {
    const visitor = await begun(site);
    site.now += 9_999;
    await site.visit(visitor, () => undefined);
    t.deepEqual(visitor.received, []);
    site.now += 1;
    await site.visit(visitor, () => undefined, { read_only: true });
    t.deepEqual(visitor.received, []);
    await site.visit(visitor, () => undefined, { touch: false });
    t.deepEqual(visitor.received, []);
    await site.visit(visitor, () => undefined);
    t.regex(visitor.received[0] ?? '', /Max-Age=110/);
    await site.visit(visitor, () => undefined);
    t.deepEqual(visitor.received, []);
  },
);

rule(
  'close() removes the cookie, with the attributes that it has',
  { path: '/shop', domain: 'example.org' },
  async (t, site, row) => {
    const visitor = await begun(site);
    await site.visit(visitor, (s) => s.close());
    const names = row.carried ? ['sessionId', 'sessionId_t'] : ['sessionId'];
    t.deepEqual(
      visitor.received,
      names.map(
        (name) =>
          `${name}=; Max-Age=0; Domain=example.org; Path=/shop; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax`,
      ),
    );
  },
);

rule('close() of a visitor without a cookie sends none', {}, async (t, site, row) => {
  const visitor = new Visitor();
  visitor.header = 'other=1';
  await site.visit(visitor, (s) => {
    s.a = 1;
    s.close();
  });
  t.deepEqual(visitor.received, []);
  if (row.lists) t.is(await site.count(), 0);
});

rule('Session() after close() starts a new one', {}, async (t, site, row) => {
  const visitor = await begun(site);
  const old = visitor.twin();
  await site.visit(visitor, (s, open) => {
    s.close();
    t.throws(() => set(s, 'b', 1), { name: 'SessionEndedError' });
    const fresh = open();
    t.not(fresh, s);
    t.is(open(), fresh);
    fresh.b = 2;
  });
  t.is(visitor.received.length, 1);
  t.not(visitor.id, old.id);
  await site.visit(visitor, (s) => t.deepEqual({ ...s }, { b: 2 }));
  if (!row.carried) await site.visit(old, (s) => t.deepEqual({ ...s }, {}));
  if (row.lists) t.is(await site.count(), 1);
});

rule('regenerate() sends a new id for the same data', {}, async (t, site, row) => {
  const visitor = await begun(site);
  const old = visitor.id;
  const id = await site.visit(visitor, (s) => {
    s.regenerate();
    s.b = 2;
    return s.id;
  });
  t.not(id, old);
  t.true(id === visitor.id);
  await site.visit(visitor, (s) => t.deepEqual({ ...s }, { a: 1, b: 2 }));
  if (row.lists) t.is(await site.count(), 1);
});

rule('s.cookie changes the cookie of one session, and stays changed', {}, async (t, site, row) => {
  const visitor = await begun(site);
  await site.visit(visitor, (s) => {
    t.deepEqual(s.cookie, {
      path: '/',
      domain: null,
      secure: 'auto',
      http_only: true,
      same_site: 'lax',
      timeout: null,
    });
    s.cookie.timeout = 50;
    s.cookie = { same_site: 'strict' };
  });
  const seconds = row.carried ? FOR_GOOD : 55;
  t.is(visitor.received[0], `${visitor.header}; Max-Age=${seconds}; Path=/; HttpOnly; SameSite=Strict`);
  site.now += 5_000;
  await site.visit(visitor, (s) => t.is(s.cookie.timeout, 50));
  t.regex(visitor.received[0] ?? '', /Max-Age=55.*SameSite=Strict/);
  const other = await begun(site);
  t.false(other.received[0]?.includes('Max-Age'));
});

rule('close() removes the changed cookie and the usual one', {}, async (t, site) => {
  const visitor = await begun(site);
  await site.visit(visitor, (s) => {
    s.cookie.path = '/shop';
  });
  await site.visit(visitor, (s) => s.close());
  t.deepEqual(
    visitor.received
      .filter((cookie) => cookie.startsWith('sessionId='))
      .map((cookie) => /Path=[^;]*/.exec(cookie)?.[0]),
    ['Path=/', 'Path=/shop'],
  );
});

rule(
  'session-cookie-invalid: a wrong setting is a clear error, at once or at the end',
  {},
  async (t, site) => {
    const visitor = await begun(site);
    const wrong: [string, (s: TestPage) => void][] = [
      ['name', (s) => Object.assign(s, { cookie: { name: 'x' } })],
      ['path', (s) => Object.assign(s, { cookie: { path: 'shop; Domain=x' } })],
      ['timeout', (s) => Object.assign(s.cookie, { timeout: '5' })],
      ['same_site', (s) => Object.assign(s.cookie, { same_site: 'maybe' })],
      ['domain', (s) => Object.assign(s.cookie, { domain: 'a b' })],
      ['secure', (s) => Object.assign(s.cookie, { secure: 1 })],
      ['http_only', (s) => Object.assign(s.cookie, { http_only: null })],
    ];
    for (const [name, page] of wrong) {
      const problem = await t.throwsAsync(site.visit(visitor, page), { instanceOf: Problem });
      t.is(problem?.code, 'session-cookie-invalid');
      t.true(problem?.message.includes(`'${name}'`));
    }
    t.is(await site.visit(visitor, (s) => s.a), 1);
  },
);

rule(
  'session-cookie-invalid: the error for the name of another library, a misspelt name or a deleted setting names the right one',
  {},
  async (t, site) => {
    const visitor = await begun(site);
    const wrong: [(s: TestPage) => void, RegExp][] = [
      [(s) => Object.assign(s.cookie, { maxAge: 5 }), /'maxAge' .*expected 'timeout'/],
      [(s) => Object.assign(s, { cookie: { expires: new Date(0) } }), /'expires' .*expected 'timeout'/],
      [(s) => Object.assign(s.cookie, { sameSite: 'lax' }), /'sameSite' .*expected 'same_site'/],
      [(s) => Object.assign(s.cookie, { when: 'write' }), /'when' .*expected one of path, domain/],
      [(s) => delete s.cookie.path, /'path' .*expected a text beginning with \//],
      [(s) => delete s.cookie.nothing, /'nothing' /],
    ];
    for (const [page, says] of wrong)
      await t.throwsAsync(site.visit(visitor, page), { code: 'session-cookie-invalid', message: says });
    await site.visit(visitor, (s) =>
      t.throws(() => Reflect.deleteProperty(s, 'id'), { code: 'session-name-reserved' }),
    );
  },
);

rule('a setting of s.cookie that would be dropped in silence is an error', {}, async (t, site, row) => {
  const visitor = await begun(site);
  const late = visitor.twin();
  const secure = (s: TestPage) => Object.assign(s.cookie, { secure: true });
  await t.throwsAsync(site.visit(visitor, secure, { read_only: true }), { code: 'session-read-only' });
  await site.visit(visitor, (s) => {
    s.close();
    t.throws(() => secure(s), { name: 'SessionEndedError' });
  });
  if (!row.carried) await t.throwsAsync(site.visit(late, secure), { name: 'SessionEndedError' });
});

rule('session-cookie-invalid: s.cookie takes an object of settings and nothing else', {}, async (t, site) => {
  const visitor = await begun(site);
  for (const value of [1, '', true, null, undefined, [], new Map([['secure', true]]), () => ({})]) {
    const assign = (s: TestPage) => Reflect.set(s, 'cookie', value);
    const problem = await t.throwsAsync(site.visit(visitor, assign), { instanceOf: Problem }, String(value));
    t.is(problem?.code, 'session-cookie-invalid');
    t.true(problem?.message.includes('an object of settings'));
  }
  await site.visit(visitor, (s) => Reflect.set(s, 'cookie', { __proto__: null, path: '/shop' }));
  t.true(visitor.received.some((cookie) => cookie.includes('Path=/shop')));
});

async function begun(site: TestSite): Promise<Visitor> {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'a', 1));
  return visitor;
}
