// What the errors of foreign code (a site's own store, a package) mean: the store is away, or it failed.

import { Problem } from '../../diagnostics/problem.ts';
import { Late, withinMilliseconds } from './within-time.ts';

/** Codes of Node, PostgreSQL, MySQL and MongoDB for a server that cannot be reached or cannot work now. */
const AWAY_CODE =
  /^(session-store-away|ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|UND_ERR_CONNECT_TIMEOUT|UND_ERR_SOCKET|08[0-9A-Z]{3}|57P0[1-5]|53300|PROTOCOL_CONNECTION_LOST|ER_CON_COUNT_ERROR|ER_SERVER_SHUTDOWN)$/;

/** Errors of drivers that have no code: pg, redis, mongodb. */
const AWAY_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|The client is closed|Socket closed unexpectedly)|^Mongo(Network|ServerSelection)/;

/** How deep errors name others as their cause. */
const DEPTH = 4;

/** Whether an error says that the store cannot be reached. */
export function saysAway(error: unknown, depth = 0): boolean {
  if (error instanceof Late) return true;
  if (!(error instanceof Error) || depth > DEPTH) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (AWAY_CODE.test(code) || AWAY_WORDS.test(error.message) || AWAY_WORDS.test(error.name)) return true;
  const others: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [error.cause, ...others].some((other) => saysAway(other, depth + 1));
}

/** An error's own words; those of several addresses of a host have a code and no message. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message !== '' ? error.message : 'code' in error ? String(error.code) : error.name;
}

/** What foreign code gave is not what its interface says. */
export function refused(store: string, method: string, reason: string): Problem {
  return new Problem('session-store-threw', { holes: { store, method, reason } });
}

/** Calls foreign code of the store of this name: only Problems come back, within two seconds. */
export async function asked<T>(
  store: string,
  method: string,
  call: () => T | PromiseLike<T>,
  ms?: number,
): Promise<Awaited<T>> {
  try {
    return await withinMilliseconds((async () => call())(), ms);
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    const reason = reasonOf(cause);
    if (saysAway(cause)) throw new Problem('session-store-away', { holes: { reason }, cause });
    throw new Problem('session-store-threw', { holes: { store, method, reason }, cause });
  }
}
