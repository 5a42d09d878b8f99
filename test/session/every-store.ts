// One rule about sessions, as pages see them, becomes a test over each store: "<store>: <rule>". A rule that a store cannot
// keep becomes a skipped test with its reason: an ability that the store lacks (NEEDS), or an entry of its row.

import test, { type ExecutionContext } from 'ava';
import type { SessionConfig } from '../../config/schema.ts';
import type { SessionsConfig } from '../../engine/session/index.ts';
import { missingHere } from '../missing-here.ts';
import { Places } from '../places.ts';
import type { StoreRow } from './rows/row.ts';
import { openSite, TestSite } from './site.ts';
import { closeStores, STORES } from './store-rows.ts';

/** The abilities that a rule may need, and the reason for stores that lack one. */
const NEEDS = {
  locks: { has: (row: StoreRow) => row.lock !== 'none', lack: 'it gives no locks' },
  processes: {
    has: (row: StoreRow) => row.persistent && row.lock === 'store',
    lack: 'its locks are those of one process',
  },
  server: {
    has: (row: StoreRow) => row.carried !== true,
    lack: "its sessions are in the visitors' cookies: what was sent counts, and cannot be taken back",
  },
  text: { has: (row: StoreRow) => row.persistent, lack: 'it keeps live values, not text' },
  names: {
    has: (row: StoreRow) => row.names !== undefined,
    lack: 'its contents cannot be seen from outside',
  },
  side_door: {
    has: (row: StoreRow) => row.put !== undefined,
    lack: 'its contents cannot be changed from outside',
  },
  forgetting: { has: (row: StoreRow) => row.forget !== undefined, lack: 'it cannot be emptied from outside' },
  large: { has: ({ most = Infinity }: StoreRow) => most >= 1e6, lack: 'it keeps less than that' },
  huge: { has: ({ most = Infinity }: StoreRow) => most >= 6e6, lack: 'it keeps less than that' },
  listing: { has: (row: StoreRow) => row.lists, lack: 'what it keeps cannot be listed' },
} as const;

export type Need = keyof typeof NEEDS;

/** The site that a rule is tried on, and the abilities that its store must have. */
export interface RuleOptions {
  readonly needs?: readonly Need[];
  readonly session?: Partial<SessionConfig>;
  readonly rest?: Partial<SessionsConfig>;
  /** The clock of the machine, for times that servers and processes measure by themselves. */
  readonly clock?: 'real';
  /** While it runs, no other test of the file does: it keeps this process busy for long. */
  readonly alone?: boolean;
}

/** The number of tests that run at the same time. All tests of a file start at once, which would make every server slow. */
const places = new Places(4);

/** A test of this rule for each store. */
export function everyStore(
  title: string,
  run: (t: ExecutionContext, site: TestSite, row: StoreRow) => Promise<void>,
  { needs = [], session, rest, clock, alone = false }: RuleOptions = {},
): void {
  for (const row of STORES) {
    if (row.missing !== undefined || isSkipped(row, title, needs)) continue;
    const declare = alone ? test.serial : test;
    declare(`${row.name}: ${title}`, async (t) => {
      await places.take();
      t.teardown(() => places.leave());
      const site = await openSite(row, session, rest, clock);
      t.teardown(() => site.close());
      await run(t, site, row);
    });
  }
}

/** Whether a rule cannot hold in a store; then it is seen as a skipped test that says why. */
export function isSkipped(row: StoreRow, title: string, needs: readonly Need[] = []): boolean {
  const why = row.cannot?.[title] ?? needs.map((need) => NEEDS[need]).find(({ has }) => !has(row))?.lack;
  if (why === undefined) return false;
  test.skip(`${row.name}: ${title} (not here: ${why})`, () => undefined);
  return true;
}

/** Another server over the same sessions, as another process would be. */
export async function anotherServer(
  t: ExecutionContext,
  site: TestSite,
  session?: Partial<SessionConfig>,
): Promise<TestSite> {
  const other = new TestSite(site.dir, site.place, site.clock);
  await other.open(session);
  t.teardown(() => other.sessions.close());
  return other;
}

test.after.always(closeStores);

for (const { name, missing } of STORES) if (missing !== undefined) missingHere(`${name}: ${missing}`);
