// Two servers that share the session store only, as on two machines, behind the nginx of docs/going-live.md. The requests of a visitor
// alternate between the machines, some go to both at once, and one machine is killed.

import { once } from 'node:events';
import { readdirSync, watch } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import { browserTest, press, textSeen, visit } from '../browser.ts';
import { writeFiles } from '../folder.ts';
import { missingHere } from '../missing-here.ts';
import { printedForms, sent } from '../once/printed-forms.ts';
import { startServer, type TestServer } from '../server.ts';
import type { StoreRow } from '../session/rows/row.ts';
import { closeStores, STORES } from '../session/store-rows.ts';
import {
  buy,
  confirmButton,
  confirmedFields,
  fillUntilReview,
  giveAddress,
  giveCard,
  goToCheckout,
  pathOf,
  wrapAsGift,
} from '../site/shopper.ts';
import { Visitor } from '../visitor.ts';
import { NGINX_ADDRESS, type Nginx, nginxMissing, SERVED_BY, startNginx } from './nginx.ts';

const SITE = {
  'site/fresh.pih': '<% Session() %>',
  'site/count.pih': "<% const s = Session(); s.n = s.get('n', 0) + 1; %><%= s.n %>",
  'site/slow.pih':
    "<% const s = Session(); s.n = s.get('n', 0) + 1; await new Promise((r) => setTimeout(r, 5)); %><%= s.n %>",
  'site/read.pih': "<%= Session({ read_only: true }).get('n', 'nothing') %>",
  'site/login.pih': '<% const s = Session(); s.regenerate(); s.user = _user; %><%= s.id %>',
  'site/who.pih': "<%= Session().get('user', 'nobody') %>",
  'site/streamed.pih':
    'first<% await RESPONSE.flush(); await new Promise((r) => REQUEST.signal.addEventListener("abort", r)); %>',
  'site/order.pih': `<% import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
if (REQUEST.method === 'POST') {
  const file = join(CONFIG.root_dir, '..', 'orders.txt');
  await Once();
  appendFileSync(file, 'order\\n');
  await new Promise((r) => setTimeout(r, _stay ? 60_000 : 50));
  redirect('/thanks?n=' + readFileSync(file, 'utf8').trim().split('\\n').length);
} %><form method="post"><input name="stay" value="<%= _stay %>">`,
  'site/orders.pih': `<% import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
const file = join(CONFIG.root_dir, '..', 'orders.txt'); %><%= existsSync(file) ? readFileSync(file, 'utf8') : '' %>`,
  'site/where.pih': '<% Session().seen = true %><%= REQUEST.ip %> <%= REQUEST.url.origin %>',
};

/** Two machines and the URL of nginx in front of them. */
interface Machines {
  readonly a: TestServer;
  readonly b: TestServer;
  readonly nginx: Nginx;
  /** The machine of a response; if nginx tried both, the last one. */
  machineOf(servedBy: string | null | undefined): TestServer | undefined;
}

interface StartedMachines extends Machines {
  stop(): Promise<void>;
}

const shared = STORES.filter(({ name }) => name === 'redis' || name === 'postgres');
const missing = [nginxMissing, ...shared.map((row) => row.missing && `${row.name}: ${row.missing}`)];

for (const line of missing) {
  if (line !== undefined) missingHere(line, 'the tests of several machines with it');
}

const stores = nginxMissing === undefined ? shared.filter((row) => row.missing === undefined) : [];
const groups = stores.map((row) => ({ row, machines: sharedMachines(row) }));
// After the machines have stopped.
test.serial.after.always(closeStores);

for (const { row, machines } of groups) {
  test.serial(`${row.name}: each request of a visitor goes to the other machine`, async (t) => {
    const { a, b, nginx, machineOf } = await machines();
    const visitor = new Visitor(nginx.http);
    const seen: (TestServer | undefined)[] = [];
    for (let n = 1; n <= 4; n++) {
      const answer = await visitor.get('/count');
      t.is(await answer.text(), String(n));
      seen.push(machineOf(answer.headers.get(SERVED_BY)));
    }
    t.deepEqual(new Set(seen.slice(0, 2)), new Set([a, b]));
    t.deepEqual(seen.slice(2), seen.slice(0, 2));
  });

  test.serial(`${row.name}: 100 requests of one visitor at once through both count 100`, async (t) => {
    const { a, b, nginx, machineOf } = await machines();
    const visitor = new Visitor(nginx.http);
    await visitor.text('/fresh');
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, n) => {
        const answer = await visitor.get(n % 2 === 0 ? '/count' : '/slow');
        return { count: Number(await answer.text()), by: machineOf(answer.headers.get(SERVED_BY)) };
      }),
    );
    const counts = answers.map(({ count }) => count).sort((one, other) => one - other);
    t.deepEqual(
      counts,
      Array.from({ length: 100 }, (_, n) => n + 1),
    );
    for (const machine of [a, b]) t.true(answers.filter(({ by }) => by === machine).length >= 30);
    t.is(await visitor.text('/read'), '100');
  });

  test.serial(`${row.name}: an id that one machine gave out is known to the other`, async (t) => {
    const { a, b } = await machines();
    const [here, there] = [new Visitor(a.url), new Visitor(b.url)];
    await here.text('/fresh');
    const id = here.cookies.get('sessionId');
    there.cookies.set('sessionId', id ?? '');
    const answer = await there.get('/count');
    t.deepEqual(answer.headers.getSetCookie(), []);
    t.is(await here.text('/count'), '2');
    t.is(here.cookies.get('sessionId'), id);
  });

  test.serial(`${row.name}: a login on one machine ends the old id on both`, async (t) => {
    const { a, b } = await machines();
    const [here, there, old] = [new Visitor(a.url), new Visitor(b.url), new Visitor(b.url)];
    await here.text('/count');
    old.cookies.set('sessionId', here.cookies.get('sessionId') ?? '');
    await here.text('/login?user=jean');
    t.not(here.cookies.get('sessionId'), old.cookies.get('sessionId'));
    there.cookies.set('sessionId', here.cookies.get('sessionId') ?? '');
    t.is(await there.text('/who'), 'jean');
    t.is(await there.text('/count'), '2');
    t.is(await old.text('/who'), 'nobody');
    const late = await old.get('/count');
    t.is(late.status, 409);
    t.deepEqual(late.headers.getSetCookie(), []);
  });

  test.serial(`${row.name}: logins through both machines keep the stored attributes`, async (t) => {
    const { nginx } = await machines();
    const visitor = new Visitor(nginx.http);
    const ids = new Set<string>();
    for (let n = 1; n <= 4; n++) {
      t.is(await visitor.text('/count'), String(n));
      ids.add(await visitor.text('/fresh').then(() => visitor.text('/login?user=jean')));
      t.is(await visitor.text('/who'), 'jean');
    }
    t.is(ids.size, 4);
  });

  test.serial(`${row.name}: a machine is killed under load, and acknowledged changes count`, async (t) => {
    const { a, b, nginx, machineOf } = await ownMachines(t, row);
    const visitor = new Visitor(nginx.http);
    await visitor.text('/fresh');
    const counts: number[] = [];
    let killed: Promise<void> | undefined;
    const ask = async () => {
      for (let n = 0; n < 20; n++) {
        const answer = await visitor.get('/slow');
        const text = await answer.text();
        if (answer.status === 200) counts.push(Number(text));
        if (counts.length === 40) killed = a.kill();
      }
    };
    await Promise.all(Array.from({ length: 10 }, ask));
    await killed;
    t.is(new Set(counts).size, counts.length);
    t.true(counts.length >= 190, String(counts.length));
    // Requests that the killed machine stored without answering may be counted, too.
    t.true(Number(await visitor.text('/read')) >= Math.max(...counts, counts.length));
    await a.restart();
    await answeredBy(visitor, (by) => machineOf(by) === a);
    await answeredBy(visitor, (by) => machineOf(by) === b);
    t.pass();
  });

  test.serial(`${row.name}: a form that arrives at both machines is done once`, async (t) => {
    const { a, b, nginx, machineOf } = await machines();
    const [form] = printedForms(await (await fetch(`${nginx.http}/order`)).text());
    if (form?.token === undefined) return t.fail();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => fetch(`${nginx.http}/order`, { redirect: 'manual', ...sent(form) })),
    );
    t.deepEqual(new Set(answers.map(({ headers }) => headers.get('location'))), new Set(['/thanks?n=1']));
    const seen = new Set(answers.map(({ headers }) => machineOf(headers.get(SERVED_BY))));
    t.true(seen.has(a) && seen.has(b));
  });

  test.serial(
    `${row.name}: a form whose machine is killed while it works is unsure on the other`,
    async (t) => {
      const { a, b } = await ownMachines(t, row);
      const [form] = printedForms(await (await fetch(`${a.url}/order?stay=1`)).text());
      if (form?.token === undefined) return t.fail();
      const target = '/order?stay=1';
      const begun = fetch(a.url + target, { redirect: 'manual', ...sent(form) }).catch(() => 'broken');
      while ((await (await fetch(`${b.url}/orders`)).text()) !== 'order\n') await pause(5);
      const waiting = fetch(b.url + target, { redirect: 'manual', ...sent(form) });
      await a.kill();
      t.is(await begun, 'broken');
      t.is((await waiting).status, 409);
      t.is((await fetch(b.url + target, { redirect: 'manual', ...sent(form) })).status, 409);
    },
  );

  browserTest(`${row.name}: a checkout that goes back and forth between machines is whole`, async (t) => {
    const { machines: shop, orders } = await demoShop(t, row);
    await visit({ javaScriptEnabled: false }, async (page) => {
      const served = servedPages(page, shop);
      const url = shop.nginx.http;
      await buy(page, url, 'night-ferry');
      await buy(page, url, 'salt-roads');
      await goToCheckout(page);
      await giveAddress(page);
      await wrapAsGift(page, 'Bon voyage');
      await giveCard(page);
      const review = await textSeen(page.getByRole('main'));
      for (const part of ['Jean Dupont', 'Bon voyage', 'ending in 4444']) t.true(review.includes(part), part);
      await press(confirmButton(page));
      t.is(pathOf(page), '/shop/checkout/receipt');
      t.is(orders().length, 1);
      for (const machine of [shop.a, shop.b]) {
        t.true(served.filter((by) => by === machine).length >= 5, `${served.length} pages`);
      }
    });
  });

  browserTest(`${row.name}: a machine that is killed in mid-checkout is not missed`, async (t) => {
    const { machines: shop, orders } = await demoShop(t, row);
    await visit({}, async (page) => {
      const served = servedPages(page, shop);
      const url = shop.nginx.http;
      await buy(page, url, 'tide-tables');
      await goToCheckout(page);
      await giveAddress(page);
      await shop.a.kill();
      await wrapAsGift(page, 'Encore');
      await giveCard(page);
      await shop.a.restart();
      t.is(pathOf(page), '/shop/checkout/review');
      await answeredBy(new Visitor(url), (by) => shop.machineOf(by) === shop.a);
      served.length = 0;
      await shop.b.kill();
      t.true((await textSeen(page.getByRole('main'))).includes('Encore'));
      await press(confirmButton(page));
      t.is(pathOf(page), '/shop/checkout/receipt');
      t.regex(await textSeen(page.getByRole('heading', { level: 1 })), /Jean Dupont/);
      t.deepEqual(new Set(served), new Set([shop.a]));
      t.is(orders().length, 1);
    });
  });

  browserTest(
    `${row.name}: an order is placed once, or said to be unsure, though the machines are killed while it is`,
    async (t) => {
      const { machines: shop, orders, folder } = await demoShop(t, row);
      await visit({}, async (page) => {
        const url = shop.nginx.http;
        await fillUntilReview(page, url);
        const form = await confirmedFields(page);
        const confirm = () =>
          page.request.post(`${url}/shop/checkout/confirm`, { form }).catch(() => undefined);
        const watching = watch(folder);
        const placing = once(watching, 'change');
        const answers = [confirm(), confirm()];
        await placing;
        watching.close();
        await Promise.all([shop.a.kill(), shop.b.kill()]);
        await Promise.all(answers);
        await Promise.all([shop.a.restart(), shop.b.restart()]);
        await answeredBy(new Visitor(url), (by) => shop.machineOf(by) !== undefined);
        const again = await confirm();
        if (again?.status() === 409) {
          t.true(orders().length <= 1);
          return;
        }
        t.is(new URL(again?.url() ?? url).pathname, '/shop/checkout/receipt');
        t.is(orders().length, 1);
      });
    },
  );
}

const [store] = groups;

/** A rule about nginx, over any store that machines can share. */
function behindNginx(title: string, run: (t: ExecutionContext, nginx: Nginx) => Promise<void>): void {
  if (store === undefined) return;
  test.serial(title, async (t) => run(t, (await store.machines()).nginx));
}

behindNginx(
  'a page knows the address of its visitor, whatever headers the visitor sends',
  async (t, nginx) => {
    const forged = {
      'x-forwarded-for': '6.6.6.6',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil.example',
    };
    for (const headers of [{}, forged]) {
      const plain = await new Visitor(nginx.http).get('/where', { headers });
      t.is(await plain.text(), `127.0.0.1 ${nginx.http}`);
      t.notRegex(plain.headers.getSetCookie().join(), /Secure/);
      const sealed = await getByHttps(`${nginx.https}/where`, { ...headers, 'x-forwarded-proto': 'http' });
      t.is(sealed.text, `127.0.0.1 ${nginx.https}`);
      t.regex(sealed.cookies.join(), /; Secure/);
    }
  },
);

behindNginx('flushed output of a page reaches the visitor while the page still runs', async (t, nginx) => {
  const leave = new AbortController();
  const answer = await fetch(`${nginx.http}/streamed`, { signal: leave.signal });
  const first = await answer.body?.getReader().read();
  t.is(Buffer.from(first?.value ?? []).toString(), 'first');
  leave.abort();
});

/** Machines with the small site that all tests of a store share which kill none of them. The first of these tests starts them. */
function sharedMachines(row: StoreRow): () => Promise<Machines> {
  let started: Promise<StartedMachines> | undefined;
  test.serial.after.always(async () => (await started)?.stop());
  return () => {
    started ??= startSmallSite(row);
    return started;
  };
}

/** Machines with the small site that end with the test: for tests that kill one of them. */
async function ownMachines(t: ExecutionContext, row: StoreRow): Promise<Machines> {
  const started = await startSmallSite(row);
  t.teardown(started.stop);
  return started;
}

async function startSmallSite(row: StoreRow): Promise<StartedMachines> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'karrigell-machines-')));
  await writeFiles(folder, SITE);
  const started = await startMachines(row, { site: join(folder, 'site') });
  const stop = async () => {
    await started.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...started, stop };
}

/** Starts two servers over one store, and nginx in front of them; by default with the demo site. */
async function startMachines(
  row: StoreRow,
  { site, env = {} }: { readonly site?: string; readonly env?: Readonly<Record<string, string>> },
): Promise<StartedMachines> {
  const place = await row.place(tmpdir());
  const common = {
    KARRIGELL_PERSISTENT_SESSION: JSON.stringify(place.config),
    KARRIGELL_TRUST_PROXY: JSON.stringify([NGINX_ADDRESS]),
    ...env,
  };
  const start = () =>
    startServer({ ...(site === undefined ? {} : { site }), env: common, args: ['--no-debug'] });
  const [a, b] = await Promise.all([start(), start()]);
  const hosts: [string, string] = [new URL(a.url).host, new URL(b.url).host];
  const nginx = await startNginx(hosts);
  const stop = async () => {
    await nginx.stop();
    await Promise.all([a.stop(), b.stop()]);
    await place.remove();
  };
  const machineOf = (servedBy: string | null | undefined) =>
    [a, b].find(({ url }) => url.endsWith(servedBy?.split(', ').at(-1) ?? 'nobody'));
  return { a, b, nginx, machineOf, stop };
}

/** The demo shop on two machines, and the orders that it has accepted. */
async function demoShop(t: ExecutionContext, row: StoreRow) {
  const data = await realpath(await mkdtemp(join(tmpdir(), 'karrigell-demo-')));
  t.teardown(() => rm(data, { recursive: true, force: true }));
  const folder = join(data, 'orders');
  await mkdir(folder);
  const both = await startMachines(row, { env: { DEMO_DATA: data } });
  t.teardown(both.stop);
  return {
    machines: both,
    folder,
    orders: () => readdirSync(folder).filter((name) => name.endsWith('.json')),
  };
}

/** Collects the machines that answered the pages of the shop. */
function servedPages(page: Page, { machineOf }: Machines): (TestServer | undefined)[] {
  const served: (TestServer | undefined)[] = [];
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.startsWith('/shop/'))
      served.push(machineOf(response.headers()[SERVED_BY]));
  });
  return served;
}

/** Repeats a request until the awaited machine answers. */
async function answeredBy(visitor: Visitor, expected: (by: string | null) => boolean): Promise<void> {
  for (;;) {
    const answer = await visitor.get('/');
    await answer.arrayBuffer();
    if (expected(answer.headers.get(SERVED_BY))) return;
  }
}

function getByHttps(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ text: string; cookies: readonly string[] }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, rejectUnauthorized: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ text, cookies: response.headers['set-cookie'] ?? [] }));
    });
    asked.on('error', reject).end();
  });
}
