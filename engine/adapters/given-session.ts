// A plain object as a visitor's session, for app.render: the page reads and changes it under the rules of every session,
// and nothing of it is stored anywhere.

import type { RequestSession, Sessions } from '../session/index.ts';

/**
 * The request of a visitor who was here before and has this in the session; without it, of a new one.
 * @param sessions those of this visitor alone
 */
export async function visitorWith(sessions: Sessions, given: object, page: string): Promise<RequestSession> {
  const before = sessions.request({ cookie: undefined, secure: true, page });
  if (Object.keys(given).length > 0) {
    await before.begin('write');
    const session = before.open();
    // Not assigned: names such as `id` are data here.
    for (const [name, value] of Object.entries(given)) define(session, name, value);
    await before.end();
  }
  const cookie = before.cookies[0]?.split(';', 1)[0];
  return sessions.request({ cookie, secure: true, page });
}

/** Makes the given object what the session is after the page; what the page left alone is not touched. */
export function giveBack(given: object, session: RequestSession): void {
  const now = session.snapshot();
  if (now === undefined) return;
  for (const name of Object.keys(given)) if (!Object.hasOwn(now, name)) Reflect.deleteProperty(given, name);
  for (const [name, value] of Object.entries(now)) {
    if (!Object.hasOwn(given, name) || Reflect.get(given, name) !== value) define(given, name, value);
  }
}

/** Not assigned either: an attribute called `__proto__` is data. */
function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
}
