// The table: looked for, made when it may be, and the site's secret in it. All of that waits for the server: a site
// starts without it, and whoever needs a session meanwhile is told that the store is away. An operator may drop or empty it
// while the site runs: it is made again, with a new secret, so that no id from before passes for one that was just issued.

import { randomBytes } from 'node:crypto';
import { Problem } from '../../../diagnostics/problem.ts';
import type { Row, Step, Value } from './dialect.ts';
import type { Server } from './server.ts';
import { SECRET_ROW, type Statements } from './statements.ts';

const SECRET_BYTES = 32;
const RETRY_MS = 1000;

/** What is needed to get the table ready. */
export interface TableParts {
  readonly server: Server;
  readonly statements: () => Statements;
  readonly name: string;
  /** Whether it is made when it is not there. */
  readonly autoCreate: boolean;
}

/** The table of one store. */
export class TableOfSessions {
  readonly #parts: TableParts;
  #secret: Uint8Array | undefined;
  #isReady = false;
  #trial: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;

  constructor(parts: TableParts) {
    this.#parts = parts;
  }

  /** Known from the first time on that the server was there. */
  get secret(): Uint8Array {
    if (this.#secret !== undefined) return this.#secret;
    throw new Problem('session-store-away', { holes: { reason: 'it was not there yet since the start' } });
  }

  /** Resolves once the table can be used; everybody who asks meanwhile shares one try. */
  async ready(): Promise<void> {
    if (this.#isReady) return;
    this.#trial ??= this.#prepare().finally(() => {
      this.#trial = undefined;
    });
    await this.#trial;
  }

  /** The rows that a statement about the table gives. */
  rows(statement: string, values: readonly Value[] = []): Promise<readonly Row[]> {
    return this.#asked(() => this.#parts.server.rows(statement, values));
  }

  /** How many rows of the table a statement found and changed. */
  count(statement: string, values: readonly Value[] = []): Promise<number> {
    return this.#asked(() => this.#parts.server.count(statement, values));
  }

  /** Statements about the table in one transaction, as long as each finds a row; whether all did. */
  all(steps: readonly Step[]): Promise<boolean> {
    return this.#asked(() => this.#parts.server.all(steps));
  }

  /** Takes over the secret that stands there now, which may be another one, or must be made anew. */
  async look(): Promise<void> {
    this.#secret = await this.#asked(() => this.#agreeOnSecret());
  }

  /** Tries by itself until the server is there: a visitor's first page needs the secret before it asks the server. */
  keepTrying(): void {
    this.#retry = setInterval(() => this.ready().then(() => this.close(), noted), RETRY_MS).unref();
  }

  close(): void {
    clearInterval(this.#retry);
  }

  async #asked<T>(ask: () => Promise<T>): Promise<T> {
    await this.ready();
    try {
      return await ask();
    } catch (error) {
      if (!this.#parts.server.lacksTable(error)) throw error;
      this.#isReady = false;
      await this.ready();
      return ask();
    }
  }

  async #prepare(): Promise<void> {
    const { server, statements, name, autoCreate } = this.#parts;
    const { check, make } = statements();
    try {
      await server.rows(check);
    } catch (error) {
      if (!server.lacksTable(error)) throw error;
      if (!autoCreate)
        throw new Problem('session-table-missing', { holes: { table: name, sql: make.join('; ') } });
      for (const statement of make) await server.make(statement);
    }
    this.#secret = await this.#agreeOnSecret();
    this.#isReady = true;
  }

  /**
   * The first server makes it; one that is damaged would be easy to guess. A row that decodes but is written otherwise (with
   * padding, or a line end) counts as damaged, since statements compare the secret with the row as text.
   */
  async #agreeOnSecret(): Promise<Uint8Array> {
    const { server, statements } = this.#parts;
    const { secret, keepSecret, discard } = statements();
    const [row] = await server.rows(secret);
    const text = String(row?.data);
    const agreed = Buffer.from(text, 'base64url');
    if (agreed.length === SECRET_BYTES && secretText(agreed) === text) return agreed;
    if (row !== undefined) await server.count(discard, [SECRET_ROW]);
    await server.count(keepSecret, [secretText(randomBytes(SECRET_BYTES))]);
    return this.#agreeOnSecret();
  }
}

/** A secret as its row has it. */
export function secretText(secret: Uint8Array): string {
  return Buffer.from(secret).toString('base64url');
}

/** Visitors are told why; saying it each second as well would drown the log. */
function noted(): void {}
