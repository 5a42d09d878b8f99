// Opens the database store from its options:
// {"store":"database","url":"postgres://… mysql://… sqlite:…","table":"session","auto_create":true}.

import { relative } from 'node:path';
import type { StoreConfig } from '../../../../config/schema.ts';
import type { SessionsEnvironment } from '../../session-types.ts';
import { LockingStore } from '../locking/locking-store.ts';
import { type OpenedStore, wrongOption } from '../opened-store.ts';
import { DatabaseDriver } from './database-driver.ts';
import { openMysql } from './mysql.ts';
import { openPostgres } from './postgres.ts';
import type { SqlDatabase } from './sql-database.ts';
import { openSqlite } from './sqlite.ts';
import { sqliteFile } from './sqlite-files.ts';

const DEFAULT_TABLE = 'session';

const URL_FORMS =
  'postgres://user:password@host/database, mysql://user:password@host/database or sqlite:file';

/** No database cuts such a name, nor that of its index. */
const TABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,47}$/;

/**
 * Opens the store in the configured database.
 * @throws Problem for a wrong option, a missing package, and a database that refuses
 */
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

interface OpenedDatabase {
  readonly database: SqlDatabase;
  /** Its name in messages, without user and password. */
  readonly place: string;
}

/** Opens the database of a URL; undefined if the URL is none of a known kind. The path of a file is relative to `base_dir`. */
export async function openDatabase(url: unknown, base_dir: string): Promise<OpenedDatabase | undefined> {
  if (typeof url !== 'string') return undefined;
  const file = sqliteFile(url, base_dir);
  if (file !== undefined) {
    const below = relative(base_dir, file);
    const place = `sqlite:${below.startsWith('..') ? file : below}`;
    return { database: await openSqlite(file, base_dir), place };
  }
  const place = placeOf(url);
  if (place === undefined) return undefined;
  const open = /^postgres/.test(url) ? openPostgres : openMysql;
  return { database: open(url, base_dir), place };
}

function placeOf(url: string): string | undefined {
  if (!/^(postgres|postgresql|mysql|mariadb):/.test(url) || !URL.canParse(url)) return undefined;
  const { protocol, host, pathname } = new URL(url);
  return pathname.length < 2 ? undefined : `${protocol}//${host}${pathname}`;
}
