// The errors of sessions that are told apart: two that a page may catch by name, and those of a store that cannot be used.

import { Problem } from '../diagnostics/problem.ts';

/** Thrown where a page reads an attribute that the session does not have. */
export class SessionAttributeError extends Problem<'session-attribute-missing'> {
  override readonly name = 'SessionAttributeError';

  constructor(attribute: string) {
    super('session-attribute-missing', { params: { attribute } });
  }
}

/** Thrown where a page writes to a session that was closed, has expired, or continues under another id. */
export class SessionEndedError extends Problem<'session-ended'> {
  override readonly name = 'SessionEndedError';

  constructor() {
    super('session-ended');
  }
}

/** A store that is unavailable, a disk that is full or read-only, a table that an operator dropped. */
const OUTAGES = ['session-store-unavailable', 'session-store-failed', 'session-table-missing'] as const;

/** Codes of the errors of a store that cannot be used. */
export type OutageCode = (typeof OUTAGES)[number];

/**
 * Whether an error says that the store cannot be used, for all sessions alike. The store logs such an outage when it begins and
 * when it ends, so nothing else logs it for each request.
 */
export function isOutage(error: unknown): error is Problem & { readonly code: OutageCode } {
  return error instanceof Problem && OUTAGES.some((code) => code === error.code);
}

/** Whether an error says that a store is unavailable. */
export function isUnavailable(
  error: unknown,
): error is Problem & { readonly code: 'session-store-unavailable' } {
  return error instanceof Problem && error.code === 'session-store-unavailable';
}
