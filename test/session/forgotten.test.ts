// A store that has forgotten everything while its sites run, the site's secret too: an operator has emptied it, or a server
// without its data has taken the place of another. Visitors start anew, and no id from before passes for a fresh one.

import type { ExecutionContext } from 'ava';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { anotherServer, everyStore } from './every-store.ts';
import type { StoreRow } from './rows/row.ts';
import { set, type TestPage, type TestSite, Visitor } from './site.ts';

const forgotten = (
  title: string,
  run: (t: ExecutionContext, site: TestSite, row: StoreRow) => Promise<void>,
) => everyStore(title, run, { needs: ['forgetting', 'processes'], clock: 'real' });

/** A visitor with an id under which nothing is stored. */
async function guest(site: TestSite): Promise<Visitor> {
  const visitor = new Visitor();
  await site.visit(visitor, () => undefined);
  return visitor;
}

const count = (s: TestPage) => set(s, 'count', Number(s.get('count', 0)) + 1);

forgotten('no older id counts as fresh in a store that has lost everything', async (t, site, row) => {
  const other = await anotherServer(t, site);
  const customer = await guest(site);
  await site.visit(customer, count);
  const strangers = await Promise.all([guest(site), guest(other)]);
  await row.forget?.(site.place);
  for (const visitor of [customer, ...strangers]) {
    const { id } = visitor;
    await other.visit(visitor, count);
    t.not(visitor.id, id);
    t.is(await site.visit(visitor, (s) => s.count), 1);
  }
});

forgotten('an update of a read-only page creates a session under a new id, too', async (t, site, row) => {
  const visitor = await guest(site);
  const { id } = visitor;
  await row.forget?.(site.place);
  await site.visit(
    visitor,
    (s) =>
      s.update((d) => {
        d.count = 1;
      }),
    { read_only: true },
  );
  t.not(visitor.id, id);
  t.is(await site.visit(visitor, (s) => s.count), 1);
});

forgotten(
  'a page that had its session when the store lost everything writes nothing back',
  async (t, site, row) => {
    const visitor = await guest(site);
    await site.visit(visitor, count);
    const page = site.visit(visitor, async (s) => {
      await row.forget?.(site.place);
      count(s);
    });
    const error = await t.throwsAsync(page, { instanceOf: Problem });
    // Redis has forgotten the lock, too.
    t.regex(error?.code ?? '', /^session-(ended|lock-lost)$/);
    await site.visit(visitor, (s) => t.is(s.get('count'), undefined));
  },
);

forgotten(
  'servers over a store that has lost everything soon agree on a new secret',
  async (t, site, row) => {
    const other = await anotherServer(t, site);
    await guest(site);
    await row.forget?.(site.place);
    const late = await anotherServer(t, site);
    for (const server of [site, other]) {
      // Each looks after the secret every few seconds.
      for (let same = false; !same; ) {
        const visitor = await guest(server);
        const { id } = visitor;
        await late.visit(visitor, count);
        same = visitor.id === id;
        if (!same) await new Promise((again) => setTimeout(again, 50));
      }
    }
    t.pass();
  },
);
