// A database store under test, in a table of its own, and rules that hold on each of several databases.

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { StoreConfig } from '../../../config/schema.ts';
import { openDatabaseStore } from '../../../engine/session/stores/database/open-database-store.ts';
import type { SqlDatabase } from '../../../engine/session/stores/database/sql-database.ts';
import { Places } from '../../places.ts';
import type { TestedStore } from './contract.ts';
import { opened, type TestDatabase } from './databases.ts';

export const KEY = 'ab'.repeat(32);
export const HOUR = 3_600_000;

/** A store on one database. */
export interface TestedDatabase extends TestedStore {
  readonly dir: string;
  readonly options: StoreConfig & { readonly url: string; readonly table: string };
  readonly log: string[];
  /** The database as an operator sees it. */
  readonly operator: SqlDatabase;
  /** The table's name, quoted. */
  readonly table: string;
}

/** The number of tests that run at the same time. All tests of a file start at once, which would make every server slow. */
const places = new Places(4);

/** A store in a table of its own, which is dropped. */
export async function openTested(kind: TestDatabase): Promise<TestedDatabase> {
  await places.take();
  const dir = await mkdtemp(path.join(tmpdir(), 'karrigell-database-'));
  const options = {
    store: 'database',
    url: kind.url(dir),
    table: `karrigell_test_${randomBytes(6).toString('hex')}`,
  };
  const tested = { now: Date.UTC(2026, 0, 1), log: [] as string[] };
  const { store } = await openDatabaseStore(options, {
    base_dir: dir,
    log: (level, message) => tested.log.push(`${level}: ${message}`),
    now: () => tested.now,
  });
  const operator = await opened(options.url, dir);
  const table = operator.dialect.quoted(options.table);
  const close = async () => {
    await store.close();
    await operator.count(`DROP TABLE ${table}`, []);
    await operator.close();
    await rm(dir, { recursive: true, force: true });
    places.leave();
  };
  return Object.assign(tested, { store, dir, options, operator, table, close });
}

/** Another process' view of the same table, with the test's clock. */
export async function another(t: ExecutionContext, tested: TestedDatabase, options = {}) {
  const { store } = await openDatabaseStore(
    { ...tested.options, ...options },
    { base_dir: tested.dir, log: () => {}, now: () => tested.now },
  );
  t.teardown(() => store.close());
  return store;
}

/** A rule that holds on each of these databases. */
export function databaseRule(
  title: string,
  run: (t: ExecutionContext, tested: TestedDatabase) => Promise<void>,
  kinds: readonly TestDatabase[],
): void {
  for (const kind of kinds) {
    test(`${kind.name}: ${title}`, async (t) => {
      const tested = await openTested(kind);
      t.teardown(() => tested.close());
      await run(t, tested);
    });
  }
}
