// The face of sessions: what http/ asks of them for a request, and cli/ for administration.

export { SessionAttributeError, SessionEndedError } from './errors.ts';
export { openSessions } from './open.ts';
export { isOutage, isUnavailable } from './outages.ts';
export type {
  Asked,
  LongWork,
  RequestSession,
  SessionRequest,
  SessionSummary,
  Sessions,
  SessionsConfig,
} from './types.ts';
