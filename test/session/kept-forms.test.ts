// Forms that a session keeps until their page is shown again (docs/forms.md, *Behind a redirect*), over each store.

import type { KeptFields } from '../../engine/forms/kept-form.ts';
import { everyStore } from './every-store.ts';
import { set, type TestSite, Visitor } from './site.ts';

const FORM: KeptFields = {
  fields: [
    ['name', ['Jos\u00e9']],
    ['tags[]', ['a', 'b']],
    ['__proto__', ['x']],
    ['$date', ['"quoted"\n\ud83d\ude00']],
  ],
  errors: [
    ['', 'Wrong'],
    ['name', 'Too short'],
  ],
};

/** A request that keeps or drops forms when it ends. */
async function change(
  site: TestSite,
  visitor: Visitor,
  changes: Readonly<Record<string, KeptFields | undefined>>,
): Promise<void> {
  const request = site.request(visitor.header);
  for (const [place, form] of Object.entries(changes)) {
    if (form === undefined) request.dropForm(place);
    else request.keepForm(place, form);
  }
  await request.end();
  visitor.receive(request.cookies);
}

/** The form that a request finds, without the time of its end. */
async function found(site: TestSite, visitor: Visitor, place: string): Promise<KeptFields | undefined> {
  const request = site.request(visitor.header);
  const form = await request.keptForm(place);
  await request.end();
  visitor.receive(request.cookies);
  return form && { fields: form.fields, errors: form.errors };
}

everyStore('a kept form is found unchanged, by its own place, and is no attribute', async (t, site) => {
  const visitor = new Visitor();
  await change(site, visitor, { '/edit': FORM });
  t.truthy(visitor.header);
  t.deepEqual(await found(site, visitor, '/edit'), FORM);
  t.is(await found(site, visitor, '/other'), undefined);
  t.is(await found(site, visitor, 'toString'), undefined);
  await site.visit(visitor, (s) => t.deepEqual([Object.keys(s), 'forms' in s], [[], false]));
  t.deepEqual(await found(site, visitor, '/edit'), FORM);
  await change(site, visitor, { '/edit': undefined });
  t.is(await found(site, visitor, '/edit'), undefined);
});

everyStore(
  'a kept form is read without a new cookie, and by a visitor without a session without a new entry',
  async (t, site, row) => {
    const stranger = new Visitor();
    t.is(await found(site, stranger, '/edit'), undefined);
    t.is(stranger.header, undefined);
    const visitor = new Visitor();
    await change(site, visitor, { '/edit': FORM });
    const { header } = visitor;
    await found(site, visitor, '/edit');
    t.deepEqual(visitor.received, []);
    t.is(visitor.header, header);
    visitor.header = `${header?.slice(0, 20)}xxxxxxxx${header?.slice(28)}`;
    t.is(await found(site, visitor, '/edit'), undefined);
    if (row.lists) t.is(await site.count(), 1);
  },
);

everyStore('a kept form moves with the session to its new id, and ends with the session', async (t, site) => {
  const visitor = new Visitor();
  await change(site, visitor, { '/edit': FORM });
  await site.visit(visitor, (s) => {
    s.regenerate();
    set(s, 'user', 'Jean');
  });
  t.deepEqual(await found(site, visitor, '/edit'), FORM);
  await site.visit(visitor, (s) => s.close());
  t.is(await found(site, visitor, '/edit'), undefined);
});

everyStore('a page that ends its session and keeps a form begins another one with it', async (t, site) => {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'user', 'Jean'));
  const before = visitor.id;
  const request = site.request(visitor.header);
  await request.begin('write');
  Object(request.open()).close();
  request.keepForm('/edit', FORM);
  await request.end();
  visitor.receive(request.cookies);
  t.not(visitor.id, before);
  t.deepEqual(await found(site, visitor, '/edit'), FORM);
  await site.visit(visitor, (s) => t.false(s.has('user')));
});

everyStore('a kept form ends after ten minutes, and its session does not', async (t, site) => {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'user', 'Jean'));
  await change(site, visitor, { '/edit': FORM });
  site.now += 599_000;
  t.deepEqual(await found(site, visitor, '/edit'), FORM);
  site.now += 2_000;
  t.is(await found(site, visitor, '/edit'), undefined);
  await site.visit(visitor, (s) => t.is(s.user, 'Jean'));
});

everyStore('a session keeps three forms, and the fourth one replaces the oldest', async (t, site) => {
  const visitor = new Visitor();
  const small: KeptFields = { fields: [['a', ['1']]], errors: [] };
  for (const place of ['/1', '/2', '/3', '/1', '/4']) {
    site.now += 1000;
    await change(site, visitor, { [place]: small });
  }
  const places = ['/1', '/2', '/3', '/4'];
  const kept = [];
  for (const place of places) kept.push((await found(site, visitor, place)) !== undefined);
  t.deepEqual(kept, [true, false, true, true]);
});

everyStore('a form that is too big is not kept, and nothing else is lost', async (t, site, row) => {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'user', 'Jean'));
  await change(site, visitor, { '/edit': FORM });
  const limit = row.carried === true ? 2048 : 65_536;
  const big: KeptFields = { fields: [['text', ['x'.repeat(limit - 18)]]], errors: [] };
  await change(site, visitor, { '/edit': big });
  t.deepEqual(await found(site, visitor, '/edit'), FORM);
  await change(site, visitor, { '/edit': { fields: [['text', ['x'.repeat(limit - 40)]]], errors: [] } });
  t.is((await found(site, visitor, '/edit'))?.fields[0]?.[1][0]?.length, limit - 40);
  await site.visit(visitor, (s) => t.is(s.user, 'Jean'));
});

everyStore('a page that changes attributes keeps its form in the same write', async (t, site) => {
  const visitor = new Visitor();
  const request = site.request(visitor.header);
  await request.begin('write');
  Object(request.open()).user = 'Jean';
  request.keepForm('/edit', FORM);
  await request.end();
  visitor.receive(request.cookies);
  t.deepEqual(await found(site, visitor, '/edit'), FORM);
  await site.visit(visitor, (s) => t.is(s.user, 'Jean'));
});

everyStore('a form is kept after save(), and beside a change of another request', async (t, site) => {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'count', 1));
  const request = site.request(visitor.header);
  await request.begin('write');
  await Object(request.open()).save();
  if (site.sessions.description.startsWith('cookie') === false)
    await site.visit(visitor.twin(), (s) => set(s, 'count', 2));
  request.keepForm('/edit', FORM);
  await request.end();
  visitor.receive(request.cookies);
  t.deepEqual(await found(site, visitor, '/edit'), FORM);
  const expected = site.sessions.description.startsWith('cookie') ? 1 : 2;
  await site.visit(visitor, (s) => t.is(s.count, expected));
});

everyStore(
  'under an id that was just retired no form is kept',
  async (t, site) => {
    const visitor = new Visitor();
    await site.visit(visitor, (s) => set(s, 'user', 'Jean'));
    const late = visitor.twin();
    await site.visit(visitor, (s) => s.close());
    site.now += 1000;
    await change(site, late, { '/edit': FORM });
    t.deepEqual(late.received, []);
  },
  { needs: ['server'] },
);

everyStore('a form that met an ended session begins another one, under a new id', async (t, site) => {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'user', 'Jean'));
  const before = visitor.id;
  site.now += 2 * 3600_000;
  await change(site, visitor, { '/edit': FORM });
  t.not(visitor.id, before);
  t.deepEqual(await found(site, visitor, '/edit'), FORM);
  await site.visit(visitor, (s) => t.false(s.has('user')));
});

everyStore('a request with a fresh id keeps its form under this id', async (t, site) => {
  const visitor = new Visitor();
  await site.visit(visitor, () => undefined);
  const { id } = visitor;
  await change(site, visitor, { '/edit': FORM });
  t.is(visitor.id, id);
  t.deepEqual(await found(site, visitor, '/edit'), FORM);
});

everyStore('a page that has shown a form drops that one, and not a newer one', async (t, site) => {
  const visitor = new Visitor();
  await change(site, visitor, { '/edit': FORM });
  const showing = site.request(visitor.header);
  const shown = await showing.keptForm('/edit');
  await change(site, visitor, { '/edit': { ...FORM, errors: [] } });
  showing.dropForm('/edit', shown?.until);
  await showing.end();
  t.deepEqual(await found(site, visitor, '/edit'), { ...FORM, errors: [] });
});
