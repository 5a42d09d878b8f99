// Commands of an operator on the table of a site that runs: its rows are deleted, it is emptied, it is dropped. Visitors start
// anew, the servers that share the table agree on a new secret, and need no restart.

import type { ExecutionContext } from 'ava';
import { serveSite, type TestSite } from '../../site-fixture.ts';
import { Visitor } from '../../visitor.ts';
import { databaseRule, type TestedDatabase } from './database-store.ts';
import { findDatabases } from './databases.ts';

const { found: databases } = await findDatabases();

const PAGES = {
  'look.pih': "<p><%= Session().get('count', 0) %></p>",
  'count.pih': "<% const s = Session(); s.count = s.get('count', 0) + 1 %><p><%= s.count %></p>",
  'update.pih':
    '<% const s = Session({ read_only: true }); await s.update((d) => { d.count = (d.count ?? 0) + 1 }) %><p><%= s.count %></p>',
};

const WAYS: Readonly<Record<string, (table: string) => string>> = {
  'deletes all rows': (table) => `DELETE FROM ${table}`,
  'empties the table': (table) => `TRUNCATE TABLE ${table}`,
  'drops the table': (table) => `DROP TABLE ${table}`,
};

/** Servers over one table: as many processes would be. */
async function servers(t: ExecutionContext, { options }: TestedDatabase, more = {}): Promise<TestSite[]> {
  const serve = () => serveSite(t, PAGES, { debug: false, persistent_session: { ...options, ...more } });
  return Promise.all([serve(), serve()]);
}

/** One visitor at any of the servers. */
function at(site: TestSite, before = new Visitor('')): Visitor {
  const visitor = new Visitor(site.url);
  for (const [name, value] of before.cookies) visitor.cookies.set(name, value);
  return visitor;
}

const idOf = ({ cookies }: Visitor) => cookies.get('sessionId');

/** The messages in the logs, without the request lines. */
const saidBy = (sites: readonly TestSite[]) =>
  sites.flatMap(({ logged }) => logged.map(({ message }) => message));

for (const [what, statement] of Object.entries(WAYS)) {
  const kinds = databases.filter(({ name }) => name !== 'sqlite' || !what.startsWith('empties'));
  databaseRule(
    `an operator who ${what} of a running site ends all sessions, and visitors start anew under new ids`,
    async (t, tested) => {
      const sites = await servers(t, tested);
      const [one, other] = sites as [TestSite, TestSite];
      const customer = at(one);
      t.regex(await customer.text('/count'), /<p>1</);
      t.regex(await at(other, customer).text('/count'), /<p>2</);
      const guests = await Promise.all(
        sites.map(async (site) => {
          const guest = at(site);
          await guest.text('/look');
          return guest;
        }),
      );

      await tested.operator.count(statement(tested.table), []);
      for (const [index, page] of ['/count', '/update'].entries()) {
        const guest = guests[index] as Visitor;
        const before = idOf(guest);
        t.regex(await guest.text(page), /<p>1</, page);
        t.not(idOf(guest), before, page);
        t.regex(await guest.text('/count'), /<p>2</, page);
      }
      const again = at(other, customer);
      t.regex(await again.text('/count'), /<p>1</);
      t.not(idOf(again), idOf(customer));
      t.regex(await at(one, again).text('/count'), /<p>2</);
      await agree(t, one, other);
      t.deepEqual(saidBy(sites), []);
    },
    kinds,
  );
}

/** Until an id that one server issues is fresh on the other: soon, since both look after the secret. */
async function agree(t: ExecutionContext, one: TestSite, other: TestSite): Promise<void> {
  for (;;) {
    const guest = at(one);
    await guest.text('/look');
    const there = at(other, guest);
    t.regex(await there.text('/count'), /<p>1</);
    if (idOf(there) === idOf(guest)) return;
    await new Promise((again) => setTimeout(again, 50));
  }
}

databaseRule(
  'session-table-missing: a dropped table that may not be made is asked for with its SQL, and used when it is there',
  async (t, tested) => {
    const sites = await servers(t, tested, { auto_create: false });
    const visitors = sites.map((site) => at(site));
    for (const visitor of visitors) t.regex(await visitor.text('/count'), /<p>1</);
    await tested.operator.count(WAYS['drops the table']?.(tested.table) ?? '', []);
    const { dialect } = tested.operator;
    const make = dialect.tableOf(tested.options.table);
    for (const visitor of [...visitors, ...visitors]) t.is((await visitor.get('/count')).status, 500);
    for (const { logged, requests } of sites) {
      t.is(logged.length, 1);
      t.regex(
        logged[0]?.message ?? '',
        /has no table .*; pages that use sessions get 500 until that is mended/,
      );
      t.true(logged[0]?.message.includes(make.join('; ')));
      t.is(requests.filter((line) => line.includes('[500] GET /count')).length, 2);
    }
    for (const statement of make) await tested.operator.count(statement, []);
    for (const visitor of visitors) {
      const before = idOf(visitor);
      t.regex(await visitor.text('/count'), /<p>1</);
      t.not(idOf(visitor), before);
    }
    await agree(t, ...(sites as [TestSite, TestSite]));
  },
  databases,
);
