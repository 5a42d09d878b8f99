// Arrivals of one form over every store that can keep forms (docs/exactly-once.md): one runs, the others get its answer.

import test, { type ExecutionContext } from 'ava';
import { Places } from '../places.ts';
import { closeStores, STORES } from '../session/store-rows.ts';
import { Visitor } from '../visitor.ts';
import { type OrderSite, orderSites } from './order-site.ts';
import { printedForms, sent } from './printed-forms.ts';

/** The rows of the stores that can keep forms and are here. */
const FORM_STORES = STORES.filter(
  ({ name, lock, missing }) => (lock === 'store' || name === 'memory') && missing === undefined,
);

/** The number of sites that are open at the same time. */
const places = new Places(4);
test.after.always(closeStores);

/** A test for each store. */
function everyFormStore(
  title: string,
  run: (t: ExecutionContext, open: () => Promise<OrderSite>) => Promise<void>,
): void {
  for (const row of FORM_STORES)
    test(`${row.name}: ${title}`, async (t) => {
      await places.take();
      t.teardown(() => places.leave());
      await run(t, async () => (await orderSites(t, row)).one);
    });
}

everyFormStore('a double click orders once, and both clicks get the answer', async (t, open) => {
  const site = await open();
  const form = await site.form('order');
  const answers = await Promise.all([site.send(form), site.send(form)]);
  t.deepEqual(answers, ['303 /thanks?n=1', '303 /thanks?n=1']);
  t.deepEqual(await site.work(), ['tea']);
});

everyFormStore('20 arrivals at once order once', async (t, open) => {
  const site = await open();
  const form = await site.form('counted');
  const answers = await Promise.all(Array.from({ length: 20 }, () => site.send(form)));
  t.deepEqual(new Set(answers), new Set(['303 /thanks?n=1']));
  t.deepEqual(await site.work(), ['tea']);
});

everyFormStore('a form that arrives again later gets the same answer', async (t, open) => {
  const site = await open();
  const form = await site.form('order');
  await site.send(form);
  await site.send(await site.form('order'));
  t.is(await site.send(form), '303 /thanks?n=1');
  t.deepEqual(await site.work(), ['tea', 'tea']);
});

everyFormStore('the same token with other fields is another form', async (t, open) => {
  const site = await open();
  const form = await site.form('order');
  t.is(await site.send(form), '303 /thanks?n=1');
  t.is(await site.send(form, { what: 'coffee' }), '303 /thanks?n=2');
  t.is(await site.send(form, { extra: '' }), '303 /thanks?n=3');
  t.is(await site.send(form, { what: 'coffee' }), '303 /thanks?n=2');
  t.is(await site.send(form), '303 /thanks?n=1');
  t.deepEqual(await site.work(), ['tea', 'coffee', 'tea']);
});

everyFormStore('a page without a redirect runs again and knows that its work is done', async (t, open) => {
  const site = await open();
  const form = await site.form('shown');
  t.is(await site.send(form), '200 is done');
  t.is(await site.send(form), '200 was done');
  t.deepEqual(await site.work(), ['tea']);
});

everyFormStore('HttpError with 4xx frees the form', async (t, open) => {
  const site = await open();
  for (const page of ['refused', 'conflict']) {
    const form = await site.form(page);
    const answer = await site.send(form);
    t.regex(answer, page === 'refused' ? /^422/ : /^409/);
    t.is(await site.send(form), answer);
  }
  t.is((await site.work()).length, 4);
});

everyFormStore('any other error leaves the form unsure, and a new form runs', async (t, open) => {
  const site = await open();
  for (const page of ['away', 'broken']) {
    const form = await site.form(page);
    t.regex(await site.send(form), page === 'away' ? /^503/ : /^500/);
    t.regex(await site.send(form), /^409/);
    t.regex(await site.send(form), /^409/);
    t.regex(await site.send(await site.form(page)), page === 'away' ? /^503/ : /^500/);
  }
  t.is((await site.work()).length, 4);
});

everyFormStore('a page may name the page where an unsure visitor looks', async (t, open) => {
  const site = await open();
  const form = await site.form('told');
  t.regex(await site.send(form), /^500/);
  t.is(await site.send(form), '303 /orders');
  t.is((await site.work()).length, 1);
});

everyFormStore('a form that was refused before its work began is free', async (t, open) => {
  const site = await open();
  const form = await site.form('early');
  t.regex(await site.send(form, { what: 'none' }), /^503/);
  t.regex(await site.send(form, { what: 'none' }), /^503/);
  t.is(await site.send(form), '303 /thanks');
  t.deepEqual(await site.work(), ['tea']);
});

everyFormStore('a login that arrives twice logs both arrivals in', async (t, open) => {
  const site = await open();
  const visitor = new Visitor(site.url);
  await visitor.text('/visit');
  const [form] = printedForms(await visitor.text('/form?page=login'));
  if (form === undefined) return t.fail();
  const before = visitor.cookies.get('sessionId');
  const answers = await Promise.all([1, 2].map(() => visitor.get('/login', sent(form))));
  const late = await visitor.get('/login', sent(form));
  const cookies = [...answers, late].map((answer) =>
    answer.headers.getSetCookie().map((line) => line.split(';')[0]),
  );
  t.deepEqual(cookies[1], cookies[0]);
  t.deepEqual(cookies[2], cookies[0]);
  t.deepEqual(
    cookies[0]?.map((line) => line?.split('=')[0]),
    ['lang', 'sessionId'],
  );
  t.not(visitor.cookies.get('sessionId'), before);
  t.is(await visitor.text('/account'), 'tea');
  t.deepEqual(await site.work(), ['tea']);
});

everyFormStore('entries of forms are no sessions', async (t, open) => {
  const site = await open();
  const form = await site.form('order');
  await site.send(form);
  const { administration } = site.app.sessions;
  for await (const { key } of administration.list()) t.fail(key);
  t.is(await administration.clear(), 0);
  t.is(await site.send(form), '303 /thanks?n=1');
});

for (const row of FORM_STORES.filter(({ lock }) => lock === 'store')) {
  test(`${row.name}: arrivals at two servers of one store order once`, async (t) => {
    await places.take();
    t.teardown(() => places.leave());
    const { one, other } = await orderSites(t, row);
    const form = await one.form('counted');
    const servers = Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? one : other));
    const answers = await Promise.all(servers.map((site) => site.send(form)));
    t.deepEqual(new Set(answers), new Set(['303 /thanks?n=1']));
    t.is(await other.send(form), '303 /thanks?n=1');
    t.deepEqual(await one.work(), ['tea']);
    const fails = await one.form('broken');
    const refusals = await Promise.all([one.send(fails), other.send(fails)]);
    t.deepEqual(refusals.map((answer) => answer.slice(0, 3)).sort(), ['409', '500']);
    t.deepEqual(await one.work(), ['tea', 'tea']);
  });
}
