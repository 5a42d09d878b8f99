// The cookie store under test: the site has the secret, the visitors have their sessions.

import { randomBytes } from 'node:crypto';
import { nothing, type StoreRow } from './row.ts';

export const COOKIE_STORE: StoreRow = {
  name: 'cookie',
  lock: 'none',
  persistent: true,
  lists: false,
  carried: true,
  most: 2000,
  place: async (dir) => {
    const secrets = [randomBytes(24).toString('base64url')];
    return { dir, config: { store: 'cookie', secrets }, remove: nothing };
  },
};
