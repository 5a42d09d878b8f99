// The cookie store accepts a cookie only if it was sealed here, for this id, with a secret that is still known. Any other cookie
// is an unknown id: the session is empty, the id is new, and the log has no line.

import { randomBytes } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import type { SessionConfig } from '../../../config/schema.ts';
import { Seal } from '../../../engine/session/stores/cookie/seal.ts';
import { COOKIE_STORE } from '../rows/cookie.ts';
import { nothing } from '../rows/row.ts';
import { COOKIE, openSite, set, type TestSite, Visitor } from '../site.ts';

const SECOND = 1000;
const OLD = 'the old secret, 32 characters long';
const NEW = 'the new secret, 32 characters long';

/** A site whose cookies have these secrets. */
async function siteWith(
  t: ExecutionContext,
  secrets: readonly string[],
  session?: Partial<SessionConfig>,
): Promise<TestSite> {
  const place = async (dir: string) => ({ dir, config: { store: 'cookie', secrets }, remove: nothing });
  const site = await openSite({ ...COOKIE_STORE, place }, session);
  t.teardown(() => site.close());
  return site;
}

/** A visitor whose session holds { a: 1 } and whose deadline has moved, so that both cookies are there. */
async function begun(site: TestSite): Promise<Visitor> {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'a', 1));
  site.now += 50 * SECOND;
  await site.visit(visitor, () => undefined);
  return visitor;
}

/** The value of a visitor's cookie. */
function value({ header = '' }: Visitor, name: string): string {
  return new RegExp(`(?:^|; )${name}=([^;]*)`).exec(header)?.[1] ?? '';
}

/** A visitor with this cookie header has an empty session and gets a new id. */
async function assertUnknown(t: ExecutionContext, site: TestSite, header: string): Promise<void> {
  const visitor = new Visitor();
  visitor.header = header;
  const presented = visitor.id;
  await site.visit(visitor, (s) => {
    t.deepEqual(Object.keys(s), [], header);
    t.true(s.is_new);
    s.mine = 1;
  });
  t.is(visitor.received.length, 1, header);
  t.not(visitor.id, presented);
  t.is(await site.visit(visitor, (s) => s.mine), 1);
  t.deepEqual(site.log, []);
}

const changed = (text: string, at: number): string =>
  `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;

test('a cookie with a changed or missing character is unknown, at every position', async (t) => {
  const site = await siteWith(t, [OLD]);
  const whole = value(await begun(site), 'sessionId');
  for (let at = 0; at < whole.length; at++) {
    await assertUnknown(t, site, `sessionId=${changed(whole, at)}`);
    if (at > 48) await assertUnknown(t, site, `sessionId=${whole.slice(0, at)}`);
  }
});

test('base64 has several spellings of the same bytes: only one is accepted', async (t) => {
  const site = await siteWith(t, [OLD]);
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const whole = value(await begun(site), 'sessionId');
  for (const last of letters) {
    if (!whole.endsWith(last)) await assertUnknown(t, site, `sessionId=${whole.slice(0, -1)}${last}`);
  }
});

test('cookies that do not belong together are unknown', async (t) => {
  const site = await siteWith(t, [OLD]);
  const one = await begun(site);
  const whole = value(one, 'sessionId');
  const [id = '', sealed = ''] = whole.split('.');
  const [, theirs = ''] = value(await begun(site), 'sessionId').split('.');
  const jwe = `${Buffer.from('{"alg":"none"}').toString('base64url')}..${sealed.slice(1, 17)}.${sealed.slice(17)}.`;
  const hostile = {
    "another visitor's content": `${id}.${theirs}`,
    'the deadline in place of the content': `${id}.${value(one, 'sessionId_t')}`,
    'said to be deflated': `${id}.z${sealed.slice(1)}`,
    'a header of its own': `${id}.${jwe}`,
    'nothing behind the id': `${id}.`,
    'a second part': `${id}.${sealed}.${sealed}`,
    'no id': `.${sealed}`,
    'of no alphabet': `${id}.p!${sealed.slice(2)}`,
    huge: `${id}.p${'A'.repeat(10_000)}`,
    'a huge id': 'A'.repeat(10_000),
  };
  for (const cookie of Object.values(hostile)) await assertUnknown(t, site, `sessionId=${cookie}`);
  t.is(await site.visit(one, (s) => s.a), 1);
});

test('a cookie of another name is unknown, though its secret is known', async (t) => {
  const site = await siteWith(t, [OLD]);
  const admin = await siteWith(t, [OLD], { cookie: { ...COOKIE, name: 'admin' } });
  const whole = value(await begun(site), 'sessionId');
  await assertUnknown(t, admin, `admin=${whole}`);
});

test('a deadline cookie of another session is ignored', async (t) => {
  const site = await siteWith(t, [OLD], { timeout: 100 });
  const one = await begun(site);
  const theirs = value(await begun(site), 'sessionId_t');
  const whole = value(one, 'sessionId');
  const own = value(one, 'sessionId_t');
  site.now += 20 * SECOND;
  // Its content ends 110 s after it was written, which was 120 s ago; its own second cookie moved that.
  const visitor = new Visitor();
  visitor.header = `sessionId=${whole}; sessionId_t=${own}`;
  t.is(await site.visit(visitor, (s) => s.a), 1);
  for (const beside of [theirs, changed(own, 20), own.slice(0, -2), whole, 'x', '', 'A'.repeat(9000)]) {
    await assertUnknown(t, site, `sessionId=${whole}; sessionId_t=${beside}`);
  }
  await assertUnknown(t, site, `sessionId=${whole}`);
});

test('an old deadline cookie does not prolong the session', async (t) => {
  const site = await siteWith(t, [OLD], { timeout: 100 });
  const visitor = await begun(site);
  const early = visitor.header ?? '';
  site.now += 50 * SECOND;
  await site.visit(visitor, () => undefined);
  site.now += 61 * SECOND;
  await assertUnknown(t, site, early);
  t.is(await site.visit(visitor, (s) => s.a), 1);
});

test('a deadline that a shorter one replaced is not accepted again', async (t) => {
  const site = await siteWith(t, [OLD], { timeout: 100 });
  const visitor = new Visitor();
  await site.visit(visitor, (s) => Object.assign(s, { a: 1, remember: true }));
  site.now += 600_000 * SECOND;
  await site.visit(visitor, () => undefined);
  const remembered = value(visitor, 'sessionId_t');
  t.not(remembered, '');
  await site.visit(visitor, (s) => Object.assign(s, { remember: false }));
  site.now += 110 * SECOND;
  await assertUnknown(t, site, `sessionId=${value(visitor, 'sessionId')}; sessionId_t=${remembered}`);
});

test('a new first secret opens what the old one sealed, and seals it anew when it changes', async (t) => {
  const before = await siteWith(t, [OLD]);
  const both = await siteWith(t, [NEW, OLD]);
  const after = await siteWith(t, [NEW]);
  const visitor = await begun(before);
  both.now = before.now;
  after.now = before.now;
  t.is(await both.visit(visitor, (s) => s.a), 1);
  t.deepEqual(visitor.received, []);
  await assertUnknown(t, after, visitor.header ?? '');
  await both.visit(visitor, (s) => set(s, 'a', 2));
  t.is(await after.visit(visitor, (s) => s.a), 2);
  await assertUnknown(t, before, visitor.header ?? '');
});

test('the length of an inflated text is bounded', async (t) => {
  const seal = new Seal([OLD]);
  const most = 'a'.repeat(2_900_000);
  t.is(await seal.open('x', await seal.seal('x', most)), most);
  t.is(await seal.open('x', await seal.seal('x', 'a'.repeat(5_000_000))), undefined);
});

test('the same text is never sealed the same way, and opens under its own label alone', async (t) => {
  const seal = new Seal([OLD]);
  const [one, other] = await Promise.all([seal.seal('x', 'text'), seal.seal('x', 'text')]);
  t.not(one, other);
  t.is(await seal.open('x', one), 'text');
  t.is(await seal.open('y', one), undefined);
  t.is(await seal.open('x', randomBytes(60).toString('base64url')), undefined);
});
