// The interface of sessions: for http/, which serves requests, and for cli/, which administers the store.

export { openSessions } from './open-sessions.ts';
export {
  isOutage,
  isUnavailable,
  SessionAttributeError,
  SessionEndedError,
} from './session-errors.ts';
export type {
  RequestedUrl,
  RequestSession,
  SessionRequest,
  SessionSummary,
  Sessions,
  SessionsConfig,
  WorkOptions,
} from './session-types.ts';
