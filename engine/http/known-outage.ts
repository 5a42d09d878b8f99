// That the session store is away is said when it goes and when it comes back (session/watched-store.ts), not again by each
// request that needs it meanwhile: those have their line in the request log.

import { Problem } from '../diagnostics/problem.ts';

/** Whether an error says only what the log has said already. */
export function isKnownOutage(error: unknown): boolean {
  return error instanceof Problem && error.code === 'session-store-away';
}
