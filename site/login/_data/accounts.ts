// The accounts that may log in. Passwords are kept only as scrypt hashes: "salt:key", both hexadecimal.

import { type BinaryLike, scrypt, timingSafeEqual } from 'node:crypto';

export interface Account {
  readonly user: string;
  readonly name: string;
  readonly hash: string;
}

const ACCOUNTS: readonly Account[] = [
  {
    user: 'jean',
    name: 'Jean Dupont',
    hash: '2b50762bb32097d7ecbea5919f50c284:b65081825d6265ce5017abe1244dcc2059f5d3e1fad3fc215c0ac76f7cea73cf',
  },
  {
    user: 'marie',
    name: 'Marie Le Bihan',
    hash: '5d478a053007de8833b4c5819fb45080:8c339bf294e36e20f9ac48992b295de5619213ebb628590b0a5c11282bbfed65',
  },
];

/** Hashed against when there is no such user, so that the answer takes as long as for a wrong password. */
const NOBODY: Account = {
  user: '',
  name: '',
  hash: '29b50675a7b6bd8691f6cd508000b0fe:4bacf2f290a2502ed15328fce09a3f8a02b0c16e884601c7058e0ec4a93e778a',
};

/** The account of a user name. */
export function accountOf(user: string): Account | undefined {
  return ACCOUNTS.find((account) => account.user === user);
}

/** The account when the password is right. Does not tell an unknown user from a wrong password. */
export async function findAccount(user: string, password: string): Promise<Account | undefined> {
  const account = accountOf(user) ?? NOBODY;
  const [salt = '', key = ''] = account.hash.split(':');
  const expected = Buffer.from(key, 'hex');
  const matches = timingSafeEqual(
    await derive(password, Buffer.from(salt, 'hex'), expected.length),
    expected,
  );
  return matches && account !== NOBODY ? account : undefined;
}

function derive(password: string, salt: BinaryLike, length: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize(), salt, length, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
