// From the url of a configuration to the open database that it names.

import { relative } from 'node:path';
import { openMysql } from './mysql.ts';
import { openPostgres } from './postgres.ts';
import type { SqlDatabase } from './sql-database.ts';
import { openSqlite } from './sqlite.ts';
import { sqliteFile } from './sqlite-files.ts';

/** An open database, and how start-up names it: without user and password. */
export interface OpenedDatabase {
  readonly database: SqlDatabase;
  readonly place: string;
}

/** Opens what a url names; undefined when it names nothing that we know. A file's path starts from `base_dir`. */
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
