// Opens the database store from its options:
// {"store":"database","url":"postgres://… mysql://… sqlite:…","table":"session","auto_create":true}.

import type { StoreConfig } from '../../../../config/schema.ts';
import type { SessionsEnvironment } from '../../session-types.ts';
import { LockingStore } from '../locking/locking-store.ts';
import { type OpenedStore, wrongOption } from '../opened-store.ts';
import { DatabaseDriver } from './database-driver.ts';
import { openDatabase } from './open-database.ts';

const DEFAULT_TABLE = 'session';

const URL_FORMS =
  'postgres://user:password@host/database, mysql://user:password@host/database or sqlite:file';

/** With what the index's name adds, no database cuts it. */
const TABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,47}$/;

/** The store in the database that the options name. */
export async function openDatabaseStore(
  options: StoreConfig,
  environment: SessionsEnvironment,
): Promise<OpenedStore> {
  const { url, table: name = DEFAULT_TABLE, auto_create: autoCreate = true } = options;
  if (typeof name !== 'string' || !TABLE_NAME.test(name))
    throw wrongOption(
      'database',
      'table',
      'at most 48 letters, digits and underscores, not beginning with a digit',
    );
  if (typeof autoCreate !== 'boolean') throw wrongOption('database', 'auto_create', 'true or false');
  const opened = await openDatabase(url, environment.base_dir);
  if (opened === undefined) throw wrongOption('database', 'url', URL_FORMS);
  const { database, place } = opened;
  const description = `database (${place}, table ${name})`;
  const store = new LockingStore(
    new DatabaseDriver({ database, name, autoCreate }),
    description,
    environment,
  );
  await store.open();
  return { store, description };
}
