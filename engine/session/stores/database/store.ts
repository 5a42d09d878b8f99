// Sessions in a table of an SQL database, shared by any number of processes and machines. A turn is a lease in the row:
// no transaction, row lock or connection is held while a page runs. What a statement says is in statements.ts.

import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { isAway } from '../../away.ts';
import type { Change, Claim, Found, Outcome, SessionStore, StoredEntry, StoreTurn } from '../../store.ts';
import type { Dialect, Value } from './dialect.ts';
import { type Leased, Leases } from './lease.ts';
import { contentOf, deadlineOf, foundIn, storable, storableDeadline } from './row.ts';
import type { Server } from './server.ts';
import { LISTED_ROWS, type Statements } from './statements.ts';
import type { TableOfSessions } from './table.ts';

/** What a database store is made of. */
export interface DatabaseStoreParts {
  readonly server: Server;
  readonly table: TableOfSessions;
  /** The statements; a test's clock changes them. */
  readonly statements: () => Statements;
  readonly dialect: Dialect;
}

/** The turn of a key that has no row and will get none. */
const NOTHING: StoreTurn<string> = {
  found: { state: 'absent' },
  commit: ({ kind }) => (kind === 'keep' ? 'done' : 'gone'),
};

/** Keeps texts in rows, one a key. */
export class DatabaseStore implements SessionStore<string> {
  readonly lock = 'store';
  readonly keeps = 'text';
  readonly shared = true;
  readonly sweepSteps = 1;
  readonly sweepLimit = 500;
  readonly #server: Server;
  readonly #table: TableOfSessions;
  readonly #statements: () => Statements;
  readonly #leases: Leases;

  constructor({ server, table, statements, dialect }: DatabaseStoreParts) {
    this.#server = server;
    this.#table = table;
    this.#statements = statements;
    this.#leases = new Leases(table, statements, dialect.returning);
  }

  get secret(): Uint8Array {
    return this.#table.secret;
  }

  async take(key: string, claim: Claim): Promise<StoreTurn<string>> {
    const turn = await this.#leases.acquire(key, claim);
    if (turn === 'absent') return NOTHING;
    return { found: turn.found, commit: (change) => this.#commit(turn, change) };
  }

  async read(key: string): Promise<Found<string>> {
    const [row] = await this.#table.rows(this.#statements().read, [key]);
    return foundIn(row);
  }

  async touch(key: string, deadline: number): Promise<boolean> {
    const values = [storableDeadline(deadline), key];
    return (await this.#table.count(this.#statements().touchFree, values)) > 0;
  }

  async create(key: string, content: string, deadline: number): Promise<void> {
    const values = [key, storable(content), storableDeadline(deadline)];
    await this.#table.count(this.#statements().create, values);
  }

  /**
   * Page by page along the primary key. Keys are hexadecimal: a 'g' is behind all of them. SQLite answers without a turn of the
   * event loop, so who works through the list has one with each page: a signal is heard.
   */
  async *list(beginning = ''): AsyncGenerator<StoredEntry<string>> {
    for (let from = beginning; ; ) {
      const rows = await this.#table.rows(this.#statements().list, [from, `${beginning}g`]);
      for (const row of rows) {
        const key = String(row.session_id);
        from = `${key}0`;
        const content = contentOf(row);
        yield { key, content, deadline: deadlineOf(row), size: Buffer.byteLength(content) };
      }
      if (rows.length < LISTED_ROWS) return;
      await turnOfLoop();
    }
  }

  async size(): Promise<number> {
    const [row] = await this.#table.rows(this.#statements().size);
    return Number(row?.entries ?? 0);
  }

  /**
   * Looks after the secret, too, so that all servers soon agree on another one. What cannot be removed now can wait: of a
   * server that is away, those who visit hear.
   */
  async sweep(): Promise<number> {
    let removed = 0;
    try {
      await this.#table.look();
      for (let leavesSome = true; leavesSome && removed < this.sweepLimit; ) {
        const last = await this.#sweepSome();
        removed += last.removed;
        leavesSome = last.leavesSome;
        // SQLite answers without a turn of the event loop; those who visit have theirs in between.
        await turnOfLoop();
      }
    } catch (error) {
      if (!this.#server.willPass(error)) throw error;
    }
    return removed;
  }

  /** Others who sweep may be first: how many were found tells whether there are more, and not how many were removed. */
  async #sweepSome(): Promise<{ readonly removed: number; readonly leavesSome: boolean }> {
    const { find, remove, most } = this.#statements().sweep;
    if (find === undefined) {
      const removed = await this.#table.count(remove);
      return { removed, leavesSome: removed >= most };
    }
    const keys = (await this.#table.rows(find)).map((row) => String(row.session_id));
    const [first] = keys;
    if (first === undefined) return { removed: 0, leavesSome: false };
    // Always as many, so that the statement is prepared only once.
    const asked = Array.from({ length: most }, (_, index) => keys[index] ?? first);
    return { removed: await this.#table.count(remove, asked), leavesSome: keys.length >= most };
  }

  async close(): Promise<void> {
    this.#leases.close();
    this.#table.close();
    await this.#server.close();
  }

  async #commit(turn: Leased, change: Change<string>): Promise<Outcome> {
    this.#leases.forget(turn.lease);
    try {
      return (await this.#perform(turn, change)) ? 'done' : await this.#missed(turn);
    } catch (error) {
      // What the database refused must not keep others waiting until the lease runs out.
      if (!isAway(error)) await this.#release(turn).catch(() => false);
      throw error;
    }
  }

  /** Whether the change was made; each ends the lease in the same statement. */
  async #perform(turn: Leased, change: Change<string>): Promise<boolean> {
    const { key, token } = turn.lease;
    const sql = this.#statements();
    const changed = async (statement: string, ...values: Value[]) =>
      (await this.#table.count(statement, [...values, key, token])) > 0;
    switch (change.kind) {
      case 'keep':
        await this.#release(turn);
        return true;
      case 'touch':
        return changed(sql.touch, storableDeadline(change.deadline));
      case 'write':
        return changed(sql.write, storable(change.content), storableDeadline(change.deadline));
      case 'create':
        return changed(sql.begin, storable(change.content), storableDeadline(change.deadline));
      case 'end':
        return changed(sql.end, storableDeadline(change.until));
      case 'move':
        return turn.found.state === 'live' && (await this.#move(turn, change));
      case 'remove':
        return changed(sql.remove, storableDeadline(change.until));
      case 'set-aside':
        // The row stays, where no key finds it; the token makes its name unique.
        return changed(sql.setAside, `damaged ${key} ${token.slice(0, 20)}`);
    }
  }

  /** In one piece. */
  #move(
    { lease: { key, token } }: Leased,
    { to, content, deadline, until }: Extract<Change<string>, { kind: 'move' }>,
  ): Promise<boolean> {
    const { retire, create } = this.#statements();
    return this.#table.all([
      { statement: retire, values: [storableDeadline(until), key, token] },
      { statement: create, values: [to, storable(content), storableDeadline(deadline)] },
    ]);
  }

  /** Gives the lease back; whether it was still ours. A row that was made for the lease alone goes with it. */
  async #release({ lease, found }: Leased): Promise<boolean> {
    const values = [lease.key, lease.token];
    const { release, releaseAbsent } = this.#statements();
    if (found.state === 'absent' && (await this.#table.count(releaseAbsent, values)) > 0) return true;
    return (await this.#table.count(release, values)) > 0;
  }

  /** Nothing was changed, because the entry had gone, or because the lease is another's. */
  async #missed(turn: Leased): Promise<Outcome> {
    if (await this.#release(turn)) return 'gone';
    const rows = await this.#table.rows(this.#statements().holder, [turn.lease.key]);
    return rows.length === 0 ? 'gone' : 'lost';
  }
}
