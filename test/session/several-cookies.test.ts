// Several cookies of the session's name in one request, as browsers send them when their paths or domains differ, in every
// store: the live one counts, wherever it stands (docs/sessions.md).

import { randomBytes } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import { everyStore } from './every-store.ts';
import { COOKIE_STORE } from './rows/cookie.ts';
import { JSON_FILES } from './rows/json.ts';
import { COOKIE, openSite, set, type TestSite, Visitor } from './site.ts';

const MINUTE = 60_000;

everyStore('the live session counts, behind cookies that are stale, forged or no ids', async (t, site) => {
  const stale = await visitorWith(site, 'old');
  site.now += 2 * 3600_000;
  const live = await visitorWith(site, 'live');
  const others = [stale.header, forged(), forged(), 'sessionId=x', 'sessionId=', 'sessionId_of=1', 'a=b'];
  for (const header of [
    [...others, live.header],
    [live.header, ...others],
  ].map((all) => all.join('; '))) {
    const visitor = visitorOf(header);
    await site.visit(visitor, (s) => {
      t.is(s.a, 'live');
      t.false(s.is_new);
    });
    t.deepEqual(visitor.received, []);
    t.is(await site.visit(visitor, (s) => s.a, { read_only: true }), 'live');
    await site.visit(visitor, (s) => set(s, 'b', 2));
    t.is(await site.visit(visitor, (s) => s.b, { read_only: true }), 2);
  }
});

everyStore(
  'of two live sessions the first counts',
  async (t, site) => {
    const [one, two] = [await visitorWith(site, 'one'), await visitorWith(site, 'two')];
    t.is(await site.visit(visitorOf(one.header, two.header), (s) => s.a), 'one');
    t.is(await site.visit(visitorOf(two.header, one.header), (s) => s.a), 'two');
  },
  { needs: ['server'] },
);

everyStore('without a live id the first fresh one counts: a session begins under it', async (t, site) => {
  const fresh = new Visitor();
  await site.visit(fresh, () => undefined);
  const later = new Visitor();
  await site.visit(later, () => undefined);
  const visitor = visitorOf(forged(), fresh.header, later.header);
  const id = await site.visit(visitor, (s) => {
    t.deepEqual(Object.keys(s), []);
    s.a = 1;
    return s.id;
  });
  t.true(id === fresh.id);
});

everyStore(
  'with a retired id and none that is live or fresh, a write is refused as under the retired id alone',
  async (t, site) => {
    const visitor = await visitorWith(site, 1);
    const late = visitorOf(forged(), visitor.header, forged());
    await site.visit(visitor, (s) => s.close());
    await t.throwsAsync(
      site.visit(late, (s) => set(s, 'a', 2)),
      { name: 'SessionEndedError' },
    );
    t.deepEqual(late.received, []);
  },
  { needs: ['server'] },
);

everyStore('if no cookie counts, a session begins under a new id', async (t, site) => {
  const visitor = visitorOf(forged(), forged());
  await site.visit(visitor, (s) => set(s, 'a', 1));
  t.is(visitor.received.length, 1);
  const back = visitorOf(forged(), visitor.received[0]?.split(';')[0]);
  t.is(await site.visit(back, (s) => s.a), 1);
});

everyStore('five cookies are looked up, because more could keep a store busy', async (t, site) => {
  const live = await visitorWith(site, 'live');
  const four = Array.from({ length: 4 }, forged);
  t.is(await site.visit(visitorOf(...four, ...four, live.header), (s) => s.get('a')), 'live');
  t.is(await site.visit(visitorOf(...four, forged(), live.header), (s) => s.get('a')), undefined);
});

everyStore(
  'close() ends every live session whose cookie came: a logout is one',
  async (t, site, row) => {
    const [one, two] = [await visitorWith(site, 'one'), await visitorWith(site, 'two')];
    const other = await visitorWith(site, 'of somebody else');
    const both = visitorOf(one.header, forged(), two.header);
    await site.visit(both, (s) => s.close());
    for (const ended of [one, two])
      t.is(await site.visit(ended, (s) => s.get('a', 'none'), { read_only: true }), 'none');
    t.is(await site.visit(other, (s) => s.a), 'of somebody else');
    if (row.lists) t.is(await site.count(), 1);
  },
  { needs: ['server'] },
);

everyStore(
  'requests with the same two cookies run one after the other',
  async (t, site) => {
    const live = await visitorWith(site, 0);
    const count = () =>
      site.visit(visitorOf(forged(), live.header), async (s) => {
        await Promise.resolve();
        s.a = Number(s.a) + 1;
      });
    await Promise.all(Array.from({ length: 5 }, count));
    t.is(await site.visit(live, (s) => s.a), 5);
  },
  { needs: ['server', 'locks'] },
);

everyStore(
  'close() also removes the cookies of other paths and domains, which the browser would send again',
  async (t, site, row) => {
    const live = await visitorWith(site, 1);
    const visitor = visitorOf(forged(), live.header);
    const asked = { secure: false, host: 'www.example.org', path: '/shop/cart/3' };
    await site.visit(visitor, (s) => s.close(), undefined, { url: asked });
    const spots = new Set(visitor.received.map(spotOf));
    for (const spot of ['/', '/shop', '/shop/cart', '/ www.example.org', '/ example.org'])
      t.true(spots.has(spot), spot);
    t.true(visitor.received.every((cookie) => cookie.includes('Max-Age=0')));
    t.true(visitor.received.length <= 20);
    t.is(new Set(visitor.received).size, visitor.received.length);
    t.is(
      visitor.received.some((cookie) => cookie.startsWith('sessionId_t=')),
      row.carried === true,
    );
  },
);

everyStore(
  'close() with one cookie on the server removes that one alone',
  async (t, site) => {
    const visitor = await visitorWith(site, 1);
    const asked = { secure: false, host: 'www.example.org', path: '/shop/cart' };
    await site.visit(visitor, (s) => s.close(), undefined, { url: asked });
    t.deepEqual(visitor.received.map(spotOf), ['/']);
  },
  { needs: ['server'] },
);

everyStore('a session that begins after close() removes the cookie of another path', async (t, site) => {
  const visitor = await visitorWith(site, 1);
  await site.visit(visitor, (s) => Object.assign(s.cookie, { path: '/shop' }));
  await site.visit(visitor, (s, open) => {
    s.close();
    open().a = 2;
  });
  const removed = visitor.received.filter((cookie) => cookie.includes('Max-Age=0'));
  t.deepEqual([...new Set(removed.map(spotOf))], ['/shop']);
  t.is(visitor.received.length - removed.length, 1);
  t.is(await site.visit(visitor, (s) => s.a), 2);
});

test('a host-only name has one path: close() sends one removal', async (t) => {
  const site = await openSite(JSON_FILES, { cookie: { ...COOKIE, name: '__Host-sid' } });
  t.teardown(() => site.close());
  const live = await visitorWith(site, 1);
  const visitor = visitorOf(forged('__Host-sid'), live.header);
  const asked = { secure: true, host: 'www.example.org', path: '/shop' };
  await site.visit(visitor, (s) => s.close(), undefined, { url: asked, secure: true });
  t.is(visitor.received.length, 1);
});

test('a damaged session beside the live one is put into quarantine and hides nothing', async (t) => {
  const site = await openSite(JSON_FILES);
  t.teardown(() => site.close());
  const damaged = await visitorWith(site, 'damaged');
  const [key = ''] = ((await JSON_FILES.names?.(site.place)) ?? []).flatMap(
    (name) => /[0-9a-f]{64}/.exec(name)?.[0] ?? [],
  );
  await JSON_FILES.put?.(site.place, key, '{"karrigell":1');
  const live = await visitorWith(site, 'live');
  t.is(await site.visit(visitorOf(damaged.header, live.header), (s) => s.a), 'live');
  t.is(site.log.length, 1);
});

test('cookie: of two cookies of one session the one that was sealed last counts, in any order', async (t) => {
  const site = await carried(t);
  const visitor = await visitorWith(site, 1);
  const before = visitor.header;
  site.now += 1000;
  await site.visit(visitor, (s) => set(s, 'a', 2));
  t.is(await site.visit(visitorOf(before, visitor.header), (s) => s.a), 2);
  t.is(await site.visit(visitorOf(visitor.header, before), (s) => s.a), 2);
});

test('cookie: of several sessions the one that was sealed last counts, its deadline cookie included', async (t) => {
  const site = await carried(t);
  const one = await visitorWith(site, 'one');
  site.now += MINUTE;
  const two = await visitorWith(site, 'two');
  t.is(await site.visit(visitorOf(one.header, two.header), (s) => s.a), 'two');
  site.now += 20 * MINUTE;
  await site.visit(one, () => undefined);
  t.regex(one.header ?? '', /sessionId_t=/);
  t.is(await site.visit(visitorOf(two.header, one.header), (s) => s.a), 'one');
});

test('cookie: of several deadline cookies the last one holds', async (t) => {
  const site = await carried(t);
  const visitor = await visitorWith(site, 1);
  const entry = visitor.header;
  const terms: string[] = [];
  for (let n = 0; n < 2; n++) {
    site.now += 50 * MINUTE;
    await site.visit(visitor, () => undefined);
    terms.push(/sessionId_t=[^;]*/.exec(visitor.header ?? '')?.[0] ?? '');
  }
  site.now += 50 * MINUTE;
  const [first, second] = terms;
  for (const all of [
    [first, second],
    [second, first],
    [forged('sessionId_t'), second],
  ])
    t.is(await site.visit(visitorOf(entry, ...all), (s) => s.get('a')), 1);
  t.is(await site.visit(visitorOf(entry, first), (s) => s.get('a')), undefined);
});

test('cookie: an older cookie of a session does not bring back a session that a newer one has ended', async (t) => {
  const site = await carried(t);
  const visitor = new Visitor();
  await site.visit(visitor, (s) => Object.assign(s, { a: 1, remember: true }));
  const remembered = visitor.header;
  site.now += 1000;
  await site.visit(visitor, (s) => Object.assign(s, { remember: false }));
  site.now += 2 * 60 * MINUTE;
  for (const all of [
    [remembered, visitor.header],
    [visitor.header, remembered],
  ]) {
    const both = visitorOf(...all);
    const id = both.id;
    await site.visit(both, (s) => t.is(s.get('a'), undefined));
    t.is(both.received.length, 1);
    t.false(both.received[0]?.includes(`sessionId=${id}`));
  }
});

test('cookie: close() removes a single cookie under any path, or it would be sent again', async (t) => {
  const site = await carried(t, { path: '/shop' });
  const visitor = await visitorWith(site, 1);
  const asked = { secure: false, host: 'example.org', path: '/shop/bye' };
  await site.visit(visitor, (s) => s.close(), undefined, { url: asked });
  const spots = visitor.received.filter((cookie) => cookie.startsWith('sessionId=')).map(spotOf);
  t.deepEqual(spots.toSorted(), ['/', '/shop']);
});

async function carried(t: ExecutionContext, cookie: Partial<typeof COOKIE> = {}): Promise<TestSite> {
  const site = await openSite(COOKIE_STORE, { cookie: { ...COOKIE, ...cookie } });
  t.teardown(() => site.close());
  return site;
}

async function visitorWith(site: TestSite, value: unknown): Promise<Visitor> {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'a', value));
  return visitor;
}

/** Somebody whose browser sends all these cookies. */
function visitorOf(...cookies: readonly (string | undefined)[]): Visitor {
  const visitor = new Visitor();
  visitor.header = cookies.join('; ');
  return visitor;
}

function forged(name = 'sessionId'): string {
  return `${name}=${randomBytes(36).toString('base64url')}`;
}

/** The path and the domain of a Set-Cookie value. */
function spotOf(cookie: string): string {
  const path = /Path=([^;]*)/.exec(cookie)?.[1];
  const domain = /Domain=([^;]*)/.exec(cookie)?.[1];
  return domain === undefined ? `${path}` : `${path} ${domain}`;
}
