// The face of sessions: what http/ asks of them for a request, and cli/ for administration.

export { isAway, isOutage } from './away.ts';
export { SessionAttributeError, SessionEndedError } from './errors.ts';
export type {
  Asked,
  LongWork,
  RequestSession,
  SessionRequest,
  SessionSummary,
  Sessions,
  SessionsConfig,
} from './face.ts';
export { openSessions } from './open.ts';
