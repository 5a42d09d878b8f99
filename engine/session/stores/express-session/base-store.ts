// What packages that are stores for express-session expect of it: a base class `Store`, an EventEmitter with the three
// methods that theirs has. So express-session itself need not be installed.

import { EventEmitter } from 'node:events';

type Callback = (error?: unknown, session?: unknown) => void;

/** What the methods of the base class work on. */
interface DerivedStore {
  get(id: string, callback: Callback): void;
  destroy(id: string, callback: Callback): void;
  createSession(request: object, session: object): object;
  generate?(request: object): void;
}

/** As of old, a function: some packages call it, others extend it. */
function Store(this: EventEmitter): void {
  Reflect.apply(EventEmitter, this, []);
}
Object.setPrototypeOf(Store, EventEmitter);
Object.setPrototypeOf(Store.prototype, EventEmitter.prototype);

Object.assign(Store.prototype, {
  regenerate(this: DerivedStore, request: { readonly sessionID: string }, callback: Callback): void {
    this.destroy(request.sessionID, (error) => {
      this.generate?.(request);
      callback(error);
    });
  },

  load(this: DerivedStore, id: string, callback: Callback): void {
    this.get(id, (error, session) => {
      if (error || typeof session !== 'object' || session === null) return callback(error);
      const request = { sessionID: id, sessionStore: this };
      callback(null, this.createSession(request, session));
    });
  },

  createSession(request: object, session: { readonly cookie?: { expires?: unknown } }): object {
    const { cookie } = session;
    if (typeof cookie?.expires === 'string') cookie.expires = new Date(cookie.expires);
    Object.assign(request, { session });
    return session;
  },
});

/** What the factory of such a package is called with: express-session, or its Store, as one likes. */
export const expressSession: object = Object.assign(Store, { Store });
