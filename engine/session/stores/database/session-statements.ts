// The statements of the store, the same for all databases. A row with data is an entry. A row without data exists for its lock alone; its
// deadline is past, so that a sweep removes it when the lease has expired. A deadline of NULL never comes. Deadlines are times of the
// site's clock, and the times of a lock are times of the server's clock, in milliseconds since 1970.

import { LEASE_MS } from '../locking/store-driver.ts';
import type { SqlDialect } from './sql-database.ts';

/** The rows that a listing reads at once. */
export const LISTED_ROWS = 100;

export type Statements = ReturnType<typeof statementsFor>;

/** The statements for one table. A statement that writes under a lock compares the token. */
export function statementsFor(dialect: SqlDialect, name: string) {
  const { now } = dialect;
  const table = dialect.quoted(name);
  const free = `(lock_token IS NULL OR lock_until <= ${now})`;
  const held = 'session_id = ? AND lock_token = ?';
  const until = `${now} + ${LEASE_MS}`;
  const touched = 'expires = ?, atime = CURRENT_TIMESTAMP';
  const put = `data = ?, ${touched}, lock_token = NULL`;
  const update = (changes: string, where: string) => `UPDATE ${table} SET ${changes} WHERE ${where}`;
  const insert = (columns: string, values: string) =>
    `INSERT INTO ${table} (${columns}) VALUES (${values})${dialect.unlessThere}`;
  const acquire = update(
    `lock_token = ?, lock_page = ?, lock_since = ${now}, lock_until = ${until}`,
    `session_id = ? AND (lock_token IS NULL OR lock_until <= ${now} OR lock_token = ?)`,
  );
  return {
    acquire: dialect.returning ? `${acquire} RETURNING data, expires` : acquire,
    acquired: `SELECT data, expires FROM ${table} WHERE ${held}`,
    acquireAbsent: insert(
      'session_id, lock_token, lock_page, expires, lock_since, lock_until',
      `?, ?, ?, 0, ${now}, ${until}`,
    ),
    holder: `SELECT lock_page, ${now} - lock_since AS held_ms FROM ${table} WHERE session_id = ?`,
    renew: update(`lock_until = ${until}`, held),
    keep: update('lock_token = NULL', held),
    keepAbsent: `DELETE FROM ${table} WHERE ${held} AND data IS NULL`,
    touchHeld: update(`${touched}, lock_token = NULL`, `${held} AND data IS NOT NULL`),
    put: update(put, held),
    replace: update(put, `${held} AND data IS NOT NULL`),
    removeHeld: `DELETE FROM ${table} WHERE ${held}`,

    load: `SELECT data, expires FROM ${table} WHERE session_id = ?`,
    add: insert('session_id, data, expires', '?, ?, ?'),
    addToLock: update(`data = ?, ${touched}`, 'session_id = ? AND data IS NULL'),
    touch: update(touched, 'session_id = ? AND data IS NOT NULL AND COALESCE(expires, 0) = ?'),
    remove: `DELETE FROM ${table} WHERE session_id = ?`,
    list: `SELECT session_id, data, expires FROM ${table} WHERE session_id >= ? AND session_id < ? AND data IS NOT NULL ORDER BY session_id LIMIT ${LISTED_ROWS}`,
    size: `SELECT COUNT(*) AS entries FROM ${table} WHERE data IS NOT NULL`,
    sweep: dialect.sweepOf(table, free),
  } as const;
}
