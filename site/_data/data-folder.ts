// Where the demo site keeps what outlives a visitor's session: outside of the site, so that none of it is served.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DATA = process.env.DEMO_DATA ?? fileURLToPath(new URL('../../.karrigell', import.meta.url));

/** The folder of one kind of data. */
export function dataFolder(kind: 'orders' | 'guestbook' | 'logins'): string {
  return join(DATA, kind);
}
