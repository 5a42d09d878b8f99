// The driver of SQL databases. An entry is a row. A lock is a token in the row, with a lease by the clock of the server: no transaction,
// row lock or connection is held while a page runs.

import { setImmediate as turnOfLoop } from 'node:timers/promises';
import type { Problem } from '../../../diagnostics/problem.ts';
import type { Outcome } from '../../session-store.ts';
import type {
  AcquireResult,
  Acquisition,
  DriverEntry,
  EntryChange,
  HeldLock,
  ListedDriverEntry,
  StoreDriver,
} from '../locking/store-driver.ts';
import { withNul, withoutNul } from '../without-nul.ts';
import { LISTED_ROWS, type Statements, statementsFor } from './session-statements.ts';
import { SessionTable, type TableParts } from './session-table.ts';
import { problemOf, type SqlDatabase, type SqlRow, type SqlValue } from './sql-database.ts';

/** Characters that sort before and after every other character of a key. */
const FIRST = '.';
const LAST = '~';

export class DatabaseDriver implements StoreDriver {
  readonly lock = 'store';
  readonly sweepLimit = 500;
  readonly #database: SqlDatabase;
  readonly #statements: Statements;
  readonly #table: SessionTable;

  constructor(parts: TableParts) {
    this.#database = parts.database;
    this.#statements = statementsFor(parts.database.dialect, parts.name);
    this.#table = new SessionTable(parts);
  }

  async acquire(acquisition: Acquisition): Promise<AcquireResult> {
    const { key, token, page, mayCreate } = acquisition;
    const { acquireAbsent, holder } = this.#statements;
    const row = await this.#lockRow(acquisition);
    if (row !== undefined) return { kind: 'held', acquisition, entry: entryIn(row), fence: undefined };
    if (mayCreate && (await this.#table.count(acquireAbsent, [key, token, page])) > 0)
      return { kind: 'held', acquisition, entry: undefined, fence: undefined };
    const [held] = await this.#table.rows(holder, [key]);
    if (held === undefined && !mayCreate) return { kind: 'absent' };
    if (typeof held?.lock_page !== 'string') return { kind: 'taken' };
    return { kind: 'taken', page: held.lock_page, held_ms: Number(held.held_ms) };
  }

  async release({ acquisition: { key, token }, entry }: HeldLock, change: EntryChange): Promise<Outcome> {
    const { keepAbsent, holder } = this.#statements;
    const isUnused = change.kind === 'keep' && entry === undefined;
    if (isUnused && (await this.#table.count(keepAbsent, [key, token])) > 0) return 'done';
    if (await this.#change(change, key, token)) return 'done';
    // If the row exists for the lock alone, there is no entry to change.
    if ((await this.#table.count(keepAbsent, [key, token])) > 0) return 'gone';
    return (await this.#table.rows(holder, [key])).length === 0 ? 'gone' : 'lost';
  }

  async renew(held: readonly HeldLock[]): Promise<void> {
    const { renew } = this.#statements;
    await Promise.all(held.map(({ acquisition: { key, token } }) => this.#table.count(renew, [key, token])));
  }

  async load(key: string): Promise<DriverEntry | undefined> {
    const [row] = await this.#table.rows(this.#statements.load, [key]);
    return row && entryIn(row);
  }

  /** If a row exists for a lock alone, it becomes the entry. */
  async add(key: string, { text, deadline }: DriverEntry): Promise<boolean> {
    const { add, addToLock } = this.#statements;
    const [data, expires] = [withoutNul(text), deadlineColumn(deadline)];
    if ((await this.#table.count(add, [key, data, expires])) > 0) return true;
    return (await this.#table.count(addToLock, [data, expires, key])) > 0;
  }

  async touch(key: string, deadline: number, from: number): Promise<boolean> {
    const values = [deadlineColumn(deadline), key, Math.round(from)];
    return (await this.#table.count(this.#statements.touch, values)) > 0;
  }

  async remove(key: string): Promise<void> {
    await this.#table.count(this.#statements.remove, [key]);
  }

  /** SQLite answers synchronously. A pause until the next turn of the event loop lets signals and writes run between two steps. */
  async *list(beginning: string): AsyncGenerator<ListedDriverEntry> {
    for (let from = beginning; ; ) {
      const rows = await this.#table.rows(this.#statements.list, [from, beginning + LAST]);
      for (const row of rows) {
        const [key, entry] = [String(row.session_id), entryIn(row)];
        from = key + FIRST;
        if (entry !== undefined) yield { key, entry };
      }
      await turnOfLoop();
      if (rows.length < LISTED_ROWS) return;
    }
  }

  async size(): Promise<number> {
    const [row] = await this.#table.rows(this.#statements.size);
    return Number(row?.entries ?? 0);
  }

  /** Rows with a conflict in every try are left to the next sweep. */
  async sweep(_step: number, now: number): Promise<number> {
    let removed = 0;
    try {
      for (let leavesSome = true; leavesSome && removed < this.sweepLimit; await turnOfLoop()) {
        const some = await this.#sweepSome(now);
        removed += some.removed;
        leavesSome = some.leavesSome;
      }
    } catch (error) {
      if (this.#database.failureOf(error) !== 'conflict') throw error;
    }
    return removed;
  }

  problemOf(error: unknown): Problem {
    return problemOf(error, this.#database.failureOf(error));
  }

  async close(): Promise<void> {
    await this.#database.close().catch(() => {});
  }

  /** Locks an existing row; undefined if there is none, or another acquisition holds its lock. */
  async #lockRow({ key, token, page }: Acquisition): Promise<SqlRow | undefined> {
    const { acquire, acquired } = this.#statements;
    const values = [token, page, key, token];
    if (this.#database.dialect.returning) return (await this.#table.rows(acquire, values))[0];
    if ((await this.#table.count(acquire, values)) === 0) return undefined;
    return (await this.#table.rows(acquired, [key, token]))[0];
  }

  /** Makes the change and releases the lock in one statement. Returns false if no row has the token, or none has data to change. */
  async #change(change: EntryChange, key: string, token: string): Promise<boolean> {
    const { keep, touchHeld, put, replace, removeHeld } = this.#statements;
    const changed = async (statement: string, ...values: SqlValue[]) =>
      (await this.#table.count(statement, [...values, key, token])) > 0;
    switch (change.kind) {
      case 'keep':
        return changed(keep);
      case 'touch':
        return changed(touchHeld, deadlineColumn(change.deadline));
      case 'put': {
        const { text, deadline } = change.entry;
        return changed(change.replaces ? replace : put, withoutNul(text), deadlineColumn(deadline));
      }
      case 'remove':
        return changed(removeHeld);
    }
  }

  /** Another sweep may remove the same rows, so the number of found keys tells whether there are more, not that of removed rows. */
  async #sweepSome(now: number): Promise<{ readonly removed: number; readonly leavesSome: boolean }> {
    const { find, remove, most } = this.#statements.sweep;
    if (find === undefined) {
      const removed = await this.#table.count(remove, [now]);
      return { removed, leavesSome: removed >= most };
    }
    const keys = (await this.#table.rows(find, [now])).map((row) => String(row.session_id));
    const [first] = keys;
    if (first === undefined) return { removed: 0, leavesSome: false };
    // With the same number of values each time the statement is prepared once.
    const values = Array.from({ length: most }, (_, index) => keys[index] ?? first);
    return { removed: await this.#table.count(remove, [...values, now]), leavesSome: keys.length >= most };
  }
}

/** The entry of a row. Packages return large numbers as text. */
function entryIn({ data, expires }: SqlRow): DriverEntry | undefined {
  return data === null ? undefined : { text: withNul(String(data)), deadline: Number(expires ?? 0) };
}

function deadlineColumn(deadline: number): SqlValue {
  return deadline === 0 ? null : Math.round(deadline);
}
