// What it means that a store is away: all that can be done is to ask again later.

import { Problem } from '../diagnostics/problem.ts';

/** Whether an error says that a store is away. */
export function isAway(error: unknown): error is Problem & { readonly code: 'session-store-away' } {
  return error instanceof Problem && error.code === 'session-store-away';
}
