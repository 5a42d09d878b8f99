// What the errors of foreign code (a site's own store, a package) mean: the store is away, or it failed.

import { Problem } from '../../diagnostics/problem.ts';
import { causesOf, describeValue, isError, messageOf, textOf } from '../../diagnostics/thrown.ts';
import { Late, withinMilliseconds } from './within-time.ts';

/** Codes of Node, PostgreSQL, MySQL and MongoDB for a server that cannot be reached or cannot work now. */
const AWAY_CODE =
  /^(session-store-away|ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|UND_ERR_CONNECT_TIMEOUT|UND_ERR_SOCKET|08[0-9A-Z]{3}|57P0[1-5]|53300|PROTOCOL_CONNECTION_LOST|ER_CON_COUNT_ERROR|ER_SERVER_SHUTDOWN)$/;

/** Errors of drivers that have no code: pg, redis, mongodb. */
const AWAY_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|The client is closed|Socket closed unexpectedly)|^Mongo(Network|ServerSelection)/;

/** Addresses of a host that are tried, and errors that name others as their cause. */
const MOST_ERRORS = 30;

/** Whether an error, or what caused it, says that the store cannot be reached. */
export function saysAway(error: unknown): boolean {
  return causesOf(error, MOST_ERRORS).some((cause) => {
    if (cause instanceof Late) return true;
    if (!(cause instanceof Error)) return false;
    const words = [textOf(cause, 'message'), textOf(cause, 'name')];
    return AWAY_CODE.test(textOf(cause, 'code')) || words.some((text) => AWAY_WORDS.test(text));
  });
}

/** An error's own words; those of several addresses of a host have a code and no message. */
export function reasonOf(error: unknown): string {
  if (!isError(error)) return describeValue(error);
  const message = messageOf(error);
  if (message !== '') return message;
  const code = textOf(error, 'code');
  return code === '' ? textOf(error, 'name') : code;
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
