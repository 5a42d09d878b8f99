// What differs between databases: how statements are written, and how one is asked. Knows nothing of sessions' rules;
// those are in statements.ts and store.ts, once for all.

/** What a statement's ? stands for. */
export type Value = string | number | null;

export type Row = Readonly<Record<string, unknown>>;

/** How a database writes its SQL. */
export interface Dialect {
  /** Milliseconds since 1970 by the server's own clock. */
  readonly now: string;
  /** Whether UPDATE … RETURNING is known. */
  readonly returning: boolean;
  /** A name that cannot be taken for anything else. */
  quoted(name: string): string;
  /** The statements that make the table and its index. */
  tableOf(table: string): readonly string[];
  /** An INSERT that leaves a row alone that is there. */
  unlessThere(insert: string): string;
  /** An INSERT of content and deadline that replaces those of a row that is there. */
  orReplace(insert: string): string;
  /** Removes some of what is over, longest first; waits for nobody who works with it. */
  sweepOf(rows: RowsToSweep): Sweep;
}

/** Where there are rows that may be over, by the time of the server, and which of them nobody has the lease of. */
export interface RowsToSweep {
  readonly table: string;
  readonly now: string;
  readonly free: string;
}

/** How a database removes what is over: in one statement, or in one that finds keys and one that is given them. */
export interface Sweep {
  /** So many rows at once: it is over soon, and nobody is held up by it. */
  readonly most: number;
  readonly find?: string;
  /** Where keys are found first, it is given `most` of them. */
  readonly remove: string;
}

/**
 * Why a statement failed: nobody is there to ask; the table is not there; somebody else was first; two waited for each
 * other and this one was to give way, so it may try again; its disk is full or may not be written to; or anything else.
 */
export type Failure = 'away' | 'no-table' | 'disk' | 'duplicate' | 'conflict' | 'other';

/** A statement that changes rows, and what stands for its question marks. */
export interface Step {
  readonly statement: string;
  readonly values: readonly Value[];
}

/** An open database. Each statement is one short transaction of its own. */
export interface Database {
  readonly dialect: Dialect;
  /** The rows that a statement gives. */
  rows(statement: string, values: readonly Value[]): Promise<readonly Row[]>;
  /** How many rows a statement found and changed (to the same values, too). */
  count(statement: string, values: readonly Value[]): Promise<number>;
  /** Statements in one transaction, as long as each finds a row; whether all did. Else nothing has been changed. */
  all(steps: readonly Step[]): Promise<boolean>;
  failureOf(error: unknown): Failure;
  close(): Promise<void>;
}

/** Takes steps one after the other, as long as each finds a row; whether all did. */
export async function allFind(steps: readonly Step[], count: Database['count']): Promise<boolean> {
  for (const { statement, values } of steps) if ((await count(statement, values)) === 0) return false;
  return true;
}

/** How long a connection may take, and a statement; both together must stay under two seconds (server.ts). */
export const CONNECT_MS = 1500;
export const STATEMENT_MS = 1800;

/** Connections that one process has at most. */
export const CONNECTIONS = 10;

/** A member of an error of a driver, of whatever type. */
export function memberOf(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
}
