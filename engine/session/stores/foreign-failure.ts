// What the errors of code that is not the engine's (a package, a site's own store) mean: unavailable, or failed.

import { causesOf, describeValue, isError, messageOf, textOf } from '../../diagnostics/thrown.ts';
import { TimedOut } from './locking/time-limit.ts';

/** Codes of Node, PostgreSQL, MySQL and MongoDB for a server that cannot be reached or cannot work now. */
const AWAY_CODE =
  /^(session-store-unavailable|ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|UND_ERR_CONNECT_TIMEOUT|UND_ERR_SOCKET|08[0-9A-Z]{3}|57P0[1-5]|53300|PROTOCOL_CONNECTION_LOST|ER_CON_COUNT_ERROR|ER_SERVER_SHUTDOWN)$/;

/** Errors of drivers that have no code: pg, redis, mongodb. */
const AWAY_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|The client is closed|Socket closed unexpectedly)|^Mongo(Network|ServerSelection)/;

/** Addresses of a host that are tried, and errors that name others as their cause. */
const MOST_ERRORS = 30;

/** Whether an error, or one of its causes, says that the store cannot be reached. */
export function saysUnavailable(error: unknown): boolean {
  return causesOf(error, MOST_ERRORS).some((cause) => {
    if (cause instanceof TimedOut) return true;
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
