// A plain object as the session of app.render. The page reads and changes it under the rules of every session, and nothing of
// it is stored.

import type { RequestSession, Sessions } from '../session/index.ts';

/**
 * The request of a visitor whose session has the given attributes. Without any, the visitor has no session yet.
 * @param sessions sessions in memory that only this request uses
 * @param page the page's name, for the log
 */
export async function visitorWith(sessions: Sessions, given: object, page: string): Promise<RequestSession> {
  const before = sessions.request({ cookie: undefined, secure: true, page });
  if (Object.keys(given).length > 0) {
    await before.begin('write');
    const session = before.open();
    // Defined and not assigned, because names such as `id` are members of a session, but data here.
    for (const [name, value] of Object.entries(given)) define(session, name, value);
    await before.end();
  }
  const cookie = before.cookies[0]?.split(';', 1)[0];
  return sessions.request({ cookie, secure: true, page });
}

/** Copies the session's attributes back into the given object after the page. Unchanged attributes are not assigned. */
export function giveBack(given: object, session: RequestSession): void {
  const now = session.snapshot();
  if (now === undefined) return;
  for (const name of Object.keys(given)) if (!Object.hasOwn(now, name)) Reflect.deleteProperty(given, name);
  for (const [name, value] of Object.entries(now)) {
    if (!Object.hasOwn(given, name) || Reflect.get(given, name) !== value) define(given, name, value);
  }
}

/** Defines a property, so that an attribute `__proto__` is data, too. */
function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
}
