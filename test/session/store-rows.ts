// Every store under test, a row each: its name, how a site gets a place of its own in it, and the rules that it cannot keep,
// with the reason (rows/row.ts). A new store is one more row; every-store.ts then holds it to all the rules of sessions.

import { COOKIE_STORE } from './rows/cookie.ts';
import { databaseRows } from './rows/database.ts';
import { expressRows } from './rows/express-session.ts';
import { JSON_FILES } from './rows/json.ts';
import { memcachedRow } from './rows/memcached.ts';
import { MEMORY } from './rows/memory.ts';
import { OWN_STORE } from './rows/own.ts';
import { redisRow } from './rows/redis.ts';
import type { StoreRow } from './rows/row.ts';

/** All rows, including stores that this machine lacks. */
export const STORES: readonly StoreRow[] = [
  MEMORY,
  JSON_FILES,
  COOKIE_STORE,
  await redisRow('redis'),
  await redisRow('valkey'),
  await memcachedRow(),
  ...(await databaseRows()),
  OWN_STORE,
  ...(await expressRows()),
];

/** Closes the connections and servers of the rows. A test file that reads them calls this after its last test. */
export async function closeStores(): Promise<void> {
  for (const { missing, close } of STORES) if (missing === undefined) await close?.();
}
