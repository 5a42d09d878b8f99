// The face of sessions: what http/ asks of them for a request, and cli/ for administration.

export { SessionAttributeError, SessionEndedError } from './errors.ts';
export type {
  RequestSession,
  SessionAdministration,
  SessionRequest,
  SessionSummary,
  Sessions,
  SessionsConfig,
  SessionsEnvironment,
} from './face.ts';
export { openSessions } from './open.ts';
