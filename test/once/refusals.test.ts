// Arrivals of a form that end without its work, and the places where Once() cannot work (docs/exactly-once.md).

import { createServer, request } from 'node:http';
import test from 'ava';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { MEMORY } from '../session/rows/memory.ts';
import { ownStore } from '../session/stores/own-stores.ts';
import { serveSite } from '../site-fixture.ts';
import { Visitor } from '../visitor.ts';
import { orderSites } from './order-site.ts';
import { printedForms, sent, TOKEN_FIELD } from './printed-forms.ts';

const LIMITS = { limits: { page_timeout: 1 } };

test('a page that does not end leaves the form unsure, and its later calls of Once are refused', async (t) => {
  const { one } = await orderSites(t, MEMORY, LIMITS);
  await one.write(
    'late.pih',
    "<% import { work } from './_work.ts'; await new Promise((later) => setTimeout(later, 1500)); await Once(); work(_what); %>",
  );
  const form = await one.form('endless');
  t.regex(await one.send(form), /^503/);
  t.regex(await one.send(form), /^409/);
  t.is((await one.work()).length, 1);
});

test('an arrival waits for limits.page_timeout, and is answered with 503 then', async (t) => {
  const { one } = await orderSites(t, MEMORY, LIMITS);
  const form = await one.form('slow');
  const [first, second] = await Promise.all([one.send(form), one.send(form)]);
  t.deepEqual([first, second].map((answer) => answer.slice(0, 3)).sort(), ['200', '503']);
  t.is((await one.work()).length, 1);
  t.is(await one.send(form), '200 done');
});

test('the work goes on when the client leaves, and its next try gets the answer', async (t) => {
  const { one } = await orderSites(t, MEMORY);
  const form = await one.form('order');
  const { body } = sent(form);
  const left = request(one.url + form.action, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  left.on('error', () => undefined);
  left.end(String(body));
  while ((await one.work()).length === 0) await new Promise((later) => setTimeout(later, 1));
  left.destroy();
  t.is(await one.send(form), '303 /thanks?n=1');
  t.deepEqual(await one.work(), ['tea']);
});

test('requests without a token pass', async (t) => {
  const { one } = await orderSites(t, MEMORY);
  const body = () => new URLSearchParams({ what: 'tea' });
  for (let n = 1; n <= 2; n++) {
    const answer = await one.get('/order', { method: 'POST', body: body() });
    t.is(answer.headers.get('location'), `/thanks?n=${n}`);
  }
  const tampered = () => new URLSearchParams({ what: 'tea', [TOKEN_FIELD]: '../../x' });
  for (let n = 3; n <= 4; n++) {
    const answer = await one.get('/order', { method: 'POST', body: tampered() });
    t.is(answer.headers.get('location'), `/thanks?n=${n}`);
  }
});

test('the same token at another page is another form', async (t) => {
  const { one } = await orderSites(t, MEMORY);
  const form = await one.form('order');
  t.is(await one.send(form), '303 /thanks?n=1');
  t.is(await one.send({ ...form, action: '/counted' }), '303 /thanks?n=1');
  t.is(await one.send({ ...form, action: '/order?step=2' }), '303 /thanks?n=3');
  t.is((await one.work()).length, 3);
});

test('a guard that redirects frees the form, and an arrival whose work is done gets its answer before the guard', async (t) => {
  const site = await serveSite(t, {
    'shop/_before.pih': "<% if (!Session({ read_only: true }).get('user')) redirect('/login'); %>",
    'shop/order.pih':
      "<% if (REQUEST.method === 'POST') { await Once(); redirect('/thanks'); } %><form method=\"post\">",
    'login.pih': "<% Session().user = 'ann'; %>",
    'logout.pih': '<% Session().close(); %>',
  });
  const visitor = new Visitor(site.url);
  await visitor.text('/login');
  const [form] = printedForms(await visitor.text('/shop/order'));
  if (form?.token === undefined) return t.fail();
  const target = async () => (await visitor.get('/shop/order', sent(form))).headers.get('location');
  await visitor.text('/logout');
  t.is(await target(), '/login');
  await visitor.text('/login');
  t.is(await target(), '/thanks');
  await visitor.text('/logout');
  t.is(await target(), '/thanks');
});

test('uploads are compared by their contents', async (t) => {
  const { one } = await orderSites(t, MEMORY);
  const form = await one.form('order');
  const upload = (content: string, name = 'a.txt') => {
    const body = new FormData();
    for (const [field, value] of form.fields) body.append(field, value);
    body.append('photo', new File([content], name));
    return { method: 'POST', body };
  };
  const large = 'x'.repeat(1_000_000);
  const locations: (string | null)[] = [];
  for (const init of [
    upload('a'),
    upload('a'),
    upload('b'),
    upload('a', 'b.txt'),
    upload(large),
    upload(large),
  ])
    locations.push((await one.get('/order', init)).headers.get('location'));
  t.deepEqual(
    locations.map((location) => location?.replace('/thanks?n=', '')),
    ['1', '1', '2', '3', '4', '4'],
  );
});

test('more than 10,000 forms in memory: an evicted one is unsure', async (t) => {
  const { one } = await orderSites(t, MEMORY);
  const form = await one.form('shown');
  t.is(await one.send(form), '200 is done');
  const { forms } = one.app.sessions;
  for (let n = 0; n < 10_000; n++) {
    const arrival = await forms?.arrive({ token: `token ${n}`, digest: '', page: 'p', timeoutSeconds: 1 });
    await arrival?.begin(undefined);
    await arrival?.end('unsure');
  }
  t.regex(await one.send(form), /^409/);
  t.deepEqual(await one.work(), ['tea']);
});

test('once-not-here: Once() in a part with a computed path, in an error page and in a view', async (t) => {
  const site = await serveSite(
    t,
    {
      'computed.pih': "<% const part = '_part.pih'; await Include(part) %>",
      '_part.pih': '<% await Once() %>',
      'lost.pih': '<% await Once() %>',
    },
    { error_pages: { 404: 'lost.pih' } },
  );
  t.is((await site.get('/computed')).status, 500);
  t.like(site.logged.at(-1)?.cause, { code: 'once-not-here', file: undefined });
  t.is((await site.get('/nothing')).status, 404);
  t.like(site.logged.at(-1)?.cause, { code: 'once-not-here' });
});

test('a wrong option of Once() is an error', async (t) => {
  const site = await serveSite(t, {
    'option.pih': "<% await Once({ unsur: '/x' } as object) %>",
    'target.pih': "<% await Once({ unsure: 'https://other.example/' }) %>",
  });
  for (const [path, code] of [
    ['/option', 'unknown-option'],
    ['/target', 'redirect-external'],
  ] as const) {
    t.is((await site.get(path)).status, 500);
    t.like(site.logged.at(-1)?.cause, { code });
  }
});

const UNFIT = {
  cookie: { store: 'cookie', secrets: ['a secret of at least thirty-two characters'] },
  'express-session': { store: 'express-session', module: 'memorystore', options: {} },
  'an own store of one process': { store: ownStore('folder-store'), dir: 'sessions' },
};

for (const [name, persistent_session] of Object.entries(UNFIT)) {
  test(`once-store: the start refuses a page with Once over ${name}`, async (t) => {
    const open = () => serveSite(t, { 'order.pih': '\n<% await Once() %>' }, { persistent_session });
    const error = await t.throwsAsync(open, { instanceOf: Problem });
    t.like(error, { code: 'once-store', line: 2, column: 10 });
  });
}

test('once-store: a page that begins to use Once later is refused when it calls it', async (t) => {
  const site = await serveSite(t, {}, { persistent_session: UNFIT.cookie, debug: true });
  await site.write('order.pih', '<% await Once() %>');
  t.is((await site.get('/order')).status, 500);
  t.like(site.logged.at(-1)?.cause, { code: 'once-store' });
});

test('a program renders a page with Once', async (t) => {
  const site = await serveSite(t, { 'order.pih': '<% const once = await Once() %><%= once.done %>' });
  t.is(await site.app.render('/order'), 'false');
});

test('a mounted site recognizes its forms below its path', async (t) => {
  const site = await serveSite(t, {
    'order.pih': '<% const once = await Once() %><%= once.done %><form method="post">',
  });
  const server = createServer((incoming, outgoing) => {
    Object.assign(incoming, { originalUrl: incoming.url, url: incoming.url?.replace('/shop', '') });
    site.app.handler(incoming, outgoing);
  }).listen(0, '127.0.0.1');
  t.teardown(() => server.close());
  await new Promise((ready) => server.once('listening', ready));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/shop/order`;
  const [form] = printedForms(await (await fetch(url)).text());
  t.is(form?.token?.length, 24);
});
