// A store that is away: all that can be done is to ask again later. That is logged when it goes and when it comes back
// (watched-store.ts), not again by each request that needs it meanwhile: those have their line in the request log.

import { Problem } from '../diagnostics/problem.ts';

/** Whether an error says that a store is away. */
export function isAway(error: unknown): error is Problem & { readonly code: 'session-store-away' } {
  return error instanceof Problem && error.code === 'session-store-away';
}
