// The face of sessions: what http/ asks of them for a request, and cli/ for administration.

export { openSessions } from './open-sessions.ts';
export { isOutage, isUnavailable, SessionAttributeError, SessionEndedError } from './session-errors.ts';
export type {
  RequestedUrl,
  RequestSession,
  SessionRequest,
  SessionSummary,
  Sessions,
  SessionsConfig,
  WorkOptions,
} from './session-types.ts';
