// One request of a benchmark: acquires the lock, runs the page, writes.

import type { RequestSession, Sessions } from '../../engine/session/index.ts';

/** Runs a page with the session of a cookie. Returns the request with its cookies. */
export async function visit(
  sessions: Sessions,
  cookie: string | undefined,
  page: (session: object) => Promise<void> | void,
): Promise<RequestSession> {
  const request = sessions.request({ cookie, secure: false, page: 'bench.pih' });
  await request.begin('write');
  await page(request.open());
  await request.end();
  return request;
}

/** Reads only, as a page with `Session({ read_only: true })` does. This moves the deadline. */
export async function look(sessions: Sessions, cookie: string): Promise<void> {
  const request = sessions.request({ cookie, secure: false, page: 'bench.pih' });
  await request.begin('read');
  request.open({ read_only: true });
  await request.end();
}
