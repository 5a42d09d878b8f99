// The stores that cannot keep forms, by their configuration: known without opening them. A store of the site says so when it is opened.

import type { Config } from '../../../config/schema.ts';

const REASONS: Readonly<Record<string, string>> = {
  cookie: 'sessions in cookies have no lock that other requests could wait for (cookie)',
  'express-session':
    'the stores of express-session have no lock that other processes could wait for (express-session)',
};

/** Why a store cannot keep forms; undefined if it can, or if that is not known yet. */
export function formsRefusal(persistent: Config['persistent_session']): string | undefined {
  if (typeof persistent === 'boolean' || !Object.hasOwn(REASONS, persistent.store)) return undefined;
  return REASONS[persistent.store];
}
