// A store that cannot be used, for all sessions alike: all that can be done is to ask again later. That is logged when it begins
// and when it is over (stores/locking/server-availability.ts), not again by each request that needs it meanwhile: those have their line in the
// request log.

import { Problem } from '../diagnostics/problem.ts';

/** A store that is away; a disk that is full or may not be written to; a table that an operator dropped. */
const OUTAGES = ['session-store-unavailable', 'session-store-failed', 'session-table-missing'] as const;

/** Codes of the errors that say so. */
export type OutageCode = (typeof OUTAGES)[number];

/** Whether an error says that the store cannot be used. */
export function isOutage(error: unknown): error is Problem & { readonly code: OutageCode } {
  return error instanceof Problem && OUTAGES.some((code) => code === error.code);
}

/** Whether an error says that a store is away. */
export function isUnavailable(
  error: unknown,
): error is Problem & { readonly code: 'session-store-unavailable' } {
  return error instanceof Problem && error.code === 'session-store-unavailable';
}
