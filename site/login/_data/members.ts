// Which sessions belong to a member. Each account has an epoch, a number that a session takes over at login. When the account's
// epoch moves on, all sessions with an older one are logged out, wherever they are.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from '../../_data/data-folder.ts';
import { type Account, accountOf } from './accounts.ts';

/** The attributes that a login stores in the session. */
export interface Login {
  readonly user: string;
  readonly epoch: number;
}

/** The account of a login that still counts; undefined for any other session. */
export function memberOf(login: Login | undefined): Account | undefined {
  const account = login && accountOf(login.user);
  return account !== undefined && login?.epoch === epochOf(account) ? account : undefined;
}

/** A login to be kept in the session. */
export function loginOf(account: Account): Login {
  return { user: account.user, epoch: epochOf(account) };
}

/** Ends all logins of an account. */
export function logOutEverywhere(account: Account): void {
  const folder = dataFolder('logins');
  const file = join(folder, `${account.user}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(epochOf(account) + 1));
  renameSync(`${file}.new`, file);
}

function epochOf({ user }: Account): number {
  try {
    return JSON.parse(readFileSync(join(dataFolder('logins'), `${user}.json`), 'utf8'));
  } catch {
    return 0; // never logged out everywhere
  }
}
