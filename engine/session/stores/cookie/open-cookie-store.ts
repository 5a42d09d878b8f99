// Opens the cookie store from its options: {"store":"cookie","secrets":["…"]}.

import type { StoreConfig } from '../../../../config/schema.ts';
import type { OpenClientStore } from '../../session-store.ts';
import type { SessionsEnvironment } from '../../session-types.ts';
import { type OpenedStore, wrongOption } from '../opened-store.ts';
import { CookieStore } from './cookie-store.ts';
import { Seal } from './seal.ts';

/** The characters of the shortest secret; shorter ones could be guessed from a cookie. */
const SHORTEST_SECRET = 32;

/** Opens a store whose cookies are sealed with the first secret and opened with all of them. */
export async function openCookieStore(
  options: StoreConfig,
  { now = Date.now }: SessionsEnvironment,
): Promise<OpenedStore> {
  const seal = new Seal(secretsOf(options));
  const secret = seal.bytesFor('ids');
  const openClientStore: OpenClientStore = (header, name) =>
    new CookieStore({ seal, header, name, now }, secret);
  return { store: openClientStore(undefined, ''), openClientStore, description: 'cookie (encrypted)' };
}

function secretsOf({ secrets }: StoreConfig): readonly [string, ...string[]] {
  if (Array.isArray(secrets) && secrets.every(isSecret)) {
    const [first, ...others] = secrets;
    if (first !== undefined) return [first, ...others];
  }
  const expected = `a list of texts of at least ${SHORTEST_SECRET} characters: the first seals, all open`;
  throw wrongOption('cookie', 'secrets', expected);
}

function isSecret(secret: unknown): secret is string {
  return typeof secret === 'string' && secret.length >= SHORTEST_SECRET;
}
