// The two session errors that a page may want to catch by name; all others are plain Problems.

import { Problem } from '../diagnostics/problem.ts';

/** Reading an attribute that the session does not have. */
export class SessionAttributeError extends Problem<'session-attribute-missing'> {
  override readonly name = 'SessionAttributeError';

  constructor(attribute: string) {
    super('session-attribute-missing', { params: { attribute } });
  }
}

/** Writing to a session that was closed, or that went on under another id. */
export class SessionEndedError extends Problem<'session-ended'> {
  override readonly name = 'SessionEndedError';

  constructor() {
    super('session-ended');
  }
}
