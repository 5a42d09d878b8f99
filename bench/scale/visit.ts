// One request as a benchmark makes it: takes the turn, runs the page, writes.

import type { RequestSession, Sessions } from '../../engine/session/index.ts';

/** Runs a page over the session of a cookie; the request with its cookies. */
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

/** Looks only, as pages do with `Session({ read_only: true })`; it moves the deadline. */
export async function look(sessions: Sessions, cookie: string): Promise<void> {
  const request = sessions.request({ cookie, secure: false, page: 'bench.pih' });
  await request.begin('read');
  request.open({ read_only: true });
  await request.end();
}
