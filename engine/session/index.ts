// The interface of sessions: for http/, which serves requests, and for cli/, which administers the store.

export type {
  ArrivedForm,
  EarlierArrivals,
  FormArrival,
  FormEntries,
  FormOutcome,
} from './once/form-arrival.ts';
export { formsRefusal } from './once/stores-without-forms.ts';
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
