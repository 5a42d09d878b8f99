// The table: looked for, made when it may be, and the site's secret in it. All of that waits for the server: a site
// starts without it, and whoever needs a session meanwhile is told that the store is away.

import { randomBytes } from 'node:crypto';
import { Problem } from '../../../diagnostics/problem.ts';
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
    if (this.#secret !== undefined) return;
    this.#trial ??= this.#prepare().finally(() => {
      this.#trial = undefined;
    });
    await this.#trial;
  }

  /** Tries by itself until the server is there: a visitor's first page needs the secret before it asks the server. */
  keepTrying(): void {
    this.#retry = setInterval(() => this.ready().then(() => this.close(), noted), RETRY_MS).unref();
  }

  close(): void {
    clearInterval(this.#retry);
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
  }

  /** Whoever comes first makes it; one that is damaged would be easy to guess. */
  async #agreeOnSecret(): Promise<Uint8Array> {
    const { server, statements } = this.#parts;
    const { secret, keepSecret, discard } = statements();
    const [row] = await server.rows(secret);
    const agreed = Buffer.from(String(row?.data), 'base64url');
    if (agreed.length === SECRET_BYTES) return agreed;
    if (row !== undefined) await server.count(discard, [SECRET_ROW]);
    await server.count(keepSecret, [randomBytes(SECRET_BYTES).toString('base64url')]);
    return this.#agreeOnSecret();
  }
}

/** Visitors are told why; saying it each second as well would drown the log. */
function noted(): void {}
