// Leases of keys: a token in the row, and a time by the server's clock after which anybody may take it over. No
// connection is held meanwhile. A lease is renewed each second, so that only the dead lose theirs. Recipe 3d.

import { randomBytes } from 'node:crypto';
import type { Problem } from '../../../diagnostics/problem.ts';
import type { Claim, Found } from '../../store.ts';
import { lockedProblem } from '../../turns.ts';
import { pauseBeforeRetry } from '../poll.ts';
import type { Row } from './dialect.ts';
import { foundIn } from './row.ts';
import type { Statements } from './statements.ts';
import { secretText, type TableOfSessions } from './table.ts';

const RENEW_MS = 1000;

/** The column of the token has room for 255. */
const PAGE_LENGTH = 200;

/** A lease that is ours, until it runs out. */
export interface Lease {
  readonly key: string;
  /** Unique; says also since when it is held and by which page, for those who wait. */
  readonly token: string;
  readonly since: number;
}

/** A lease, and what was found under its key when it was won. */
export interface Leased {
  readonly lease: Lease;
  readonly found: Found<string>;
}

/** Takes, renews and forgets the leases of one store. */
export class Leases {
  readonly #table: TableOfSessions;
  readonly #statements: () => Statements;
  readonly #returning: boolean;
  readonly #held = new Set<Lease>();
  readonly #renewal: NodeJS.Timeout;

  constructor(table: TableOfSessions, statements: () => Statements, returning: boolean) {
    this.#table = table;
    this.#statements = statements;
    this.#returning = returning;
    this.#renewal = setInterval(() => void this.#renew(), RENEW_MS).unref();
  }

  /** Waits for the lease of a key; 'absent' when there is nothing to lease and nothing will begin. */
  async acquire(key: string, claim: Claim): Promise<Leased | 'absent'> {
    const began = performance.now() - (claim.waited ?? 0) * 1000;
    for (let tries = 0; ; tries++) {
      const leased = await this.#tryAcquire(key, claim);
      if (leased !== undefined) return leased;
      if (performance.now() - began >= claim.patience * 1000) throw await this.#locked(key, claim);
      await pauseBeforeRetry(tries, claim.signal);
    }
  }

  /** It is renewed no more. */
  forget(lease: Lease): void {
    this.#held.delete(lease);
  }

  close(): void {
    clearInterval(this.#renewal);
  }

  /** Only the head of the queue of each process comes here (turns.ts). */
  async #tryAcquire(key: string, { page, begins }: Claim): Promise<Leased | 'absent' | undefined> {
    const token = tokenOf(page);
    let found = await this.#leaseRow(key, token);
    if (found === undefined && begins === false) return (await this.#isThere(key)) ? undefined : 'absent';
    found ??= await this.#leaseAbsent(key, token);
    if (found === undefined) return undefined;
    const lease = { key, token, since: performance.now() };
    this.#held.add(lease);
    return { lease, found };
  }

  async #leaseRow(key: string, token: string): Promise<Found<string> | undefined> {
    const { lease, leased } = this.#statements();
    const values = [token, key];
    if (this.#returning) return foundUnlessNone(await this.#table.rows(lease, values));
    if ((await this.#table.count(lease, values)) === 0) return undefined;
    return foundUnlessNone(await this.#table.rows(leased, [key, token]));
  }

  /**
   * First writes of a visitor's parallel requests meet here: there must be a row to have the lease of. None is made under a
   * secret that is no longer in the table: an id from before would pass for fresh.
   */
  async #leaseAbsent(key: string, token: string): Promise<Found<string> | undefined> {
    const values = [key, token, secretText(this.#table.secret)];
    if ((await this.#table.count(this.#statements().leaseAbsent, values)) > 0) return { state: 'absent' };
    await this.#table.look();
    return undefined;
  }

  async #isThere(key: string): Promise<boolean> {
    return (await this.#table.rows(this.#statements().holder, [key])).length > 0;
  }

  async #locked(key: string, { patience, page }: Claim): Promise<Problem> {
    const [row] = await this.#table.rows(this.#statements().holder, [key]);
    const holder = holderIn(String(row?.lock_token ?? ''));
    if (holder === undefined) return lockedProblem(patience, page, patience * 1000);
    return lockedProblem(patience, holder.page, Date.now() - holder.since);
  }

  async #renew(): Promise<void> {
    const now = performance.now();
    const due = [...this.#held].filter((lease) => now - lease.since > RENEW_MS / 2);
    await Promise.all(due.map((lease) => this.#renewOne(lease).catch(() => {})));
  }

  async #renewOne(lease: Lease): Promise<void> {
    const renewed = await this.#table.count(this.#statements().renew, [lease.key, lease.token]);
    if (renewed === 0) this.#held.delete(lease);
  }
}

function foundUnlessNone(rows: readonly Row[]): Found<string> | undefined {
  return rows.length === 0 ? undefined : foundIn(rows[0]);
}

/** "token since page"; the time is only for the message to those who wait too long. */
function tokenOf(page: string): string {
  const token = randomBytes(15).toString('base64url');
  return `${token} ${Date.now()} ${page.replaceAll('\0', '').slice(0, PAGE_LENGTH)}`;
}

function holderIn(token: string): { readonly page: string; readonly since: number } | undefined {
  const [, since, page] = /^\S+ (\d+) (.*)$/s.exec(token) ?? [];
  return page === undefined ? undefined : { page, since: Number(since) };
}
