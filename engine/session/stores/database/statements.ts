// Every statement of the store, once for all databases. A row is live with data and a deadline to come (NULL: never),
// retired or removed without data, absent with its deadline past; rows that only hold a lease have 0. Times are milliseconds by the
// server's clock. Whatever changes a row in a turn asks for the lease's token in the same statement.

import type { Dialect } from './dialect.ts';

/** A lease that is not renewed ends after this. */
const LEASE_MS = 3000;

/** The entries that a listing fetches at once. */
export const LISTED_ROWS = 100;

/** What could not be read is kept this long for an operator to look at. */
const SET_ASIDE_MS = 30 * 24 * 3_600_000;

/** The site's secret has a row of its own; no key is like it, nor like the name of what was set aside. */
export const SECRET_ROW = 'secret';
const IS_SESSION = 'length(session_id) = 64';

/** The version of a row whose session an operator removed. */
export const REMOVED_VERSION = -1;

export type Statements = ReturnType<typeof statementsFor>;

/** The statements for one table; `now` stands for the time in all of them. */
export function statementsFor(dialect: Dialect, name: string, now: string = dialect.now) {
  const table = dialect.quoted(name);
  const state = `data, expires, version, CASE WHEN expires <= ${now} THEN 1 ELSE 0 END AS is_over`;
  const over = `expires <= ${now}`;
  const live = `data IS NOT NULL AND (expires IS NULL OR expires > ${now})`;
  const free = `(lock_until IS NULL OR lock_until <= ${now})`;
  const mine = 'session_id = ? AND lock_token = ?';
  const ended = 'lock_token = NULL, lock_until = NULL';
  const until = `${now} + ${LEASE_MS}`;
  const update = (changes: string, where: string) => `UPDATE ${table} SET ${changes} WHERE ${where}`;
  const written = 'data = ?, expires = ?, version = version + 1, atime = CURRENT_TIMESTAMP';
  const buried = `data = NULL, expires = ?, atime = CURRENT_TIMESTAMP, ${ended}`;
  const retired = `${buried}, version = version + 1`;
  const touched = 'expires = ?, atime = CURRENT_TIMESTAMP';
  const insert = `INSERT INTO ${table} (session_id,`;
  const lease = update(`lock_token = ?, lock_until = ${until}`, `session_id = ? AND ${free}`);
  return {
    check: `SELECT session_id, atime, data, version, expires, lock_token, lock_until FROM ${table} WHERE 1 = 0`,
    make: dialect.tableOf(name),
    keepSecret: dialect.unlessThere(`${insert} data) VALUES ('${SECRET_ROW}', ?)`),
    secret: `SELECT data FROM ${table} WHERE session_id = '${SECRET_ROW}'`,

    lease: dialect.returning ? `${lease} RETURNING ${state}` : lease,
    leased: `SELECT ${state} FROM ${table} WHERE ${mine}`,
    leaseAbsent: dialect.unlessThere(
      `${insert} expires, lock_token, lock_until) SELECT ?, 0, ?, ${until} FROM ${table} WHERE session_id = '${SECRET_ROW}' AND data = ?`,
    ),
    renew: update(`lock_until = ${until}`, mine),
    holder: `SELECT lock_token FROM ${table} WHERE session_id = ?`,
    release: update(ended, mine),
    releaseAbsent: `DELETE FROM ${table} WHERE ${mine} AND ${over}`,

    touch: update(`${touched}, ${ended}`, `${mine} AND ${live}`),
    write: update(`${written}, ${ended}`, `${mine} AND ${live}`),
    begin: update(`${written}, ${ended}`, mine),
    end: update(retired, mine),
    retire: update(retired, `${mine} AND ${live}`),
    remove: update(`${buried}, version = ${REMOVED_VERSION}`, mine),
    setAside: update(`session_id = ?, expires = ${now} + ${SET_ASIDE_MS}, ${ended}`, mine),

    read: `SELECT ${state} FROM ${table} WHERE session_id = ?`,
    touchFree: update(touched, `session_id = ? AND ${live}`),
    create: dialect.orReplace(`${insert} data, expires) VALUES (?, ?, ?)`),
    discard: `DELETE FROM ${table} WHERE session_id = ?`,
    list: `SELECT session_id, data, expires FROM ${table} WHERE session_id >= ? AND session_id < ? AND ${IS_SESSION} AND ${live} ORDER BY session_id LIMIT ${LISTED_ROWS}`,
    size: `SELECT COUNT(*) AS entries FROM ${table} WHERE data IS NOT NULL`,
    sweep: dialect.sweepOf({ table, now, free }),
  } as const;
}
