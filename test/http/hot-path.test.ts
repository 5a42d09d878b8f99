// A page without await is answered within the call of the handler, also with a session in the memory store: no promise is
// created. With real pages and sessions.

import { createHook } from 'node:async_hooks';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import { serveSite } from '../site-fixture.ts';

test.serial('a synchronous page with a session makes no promise and is written at once', async (t) => {
  const site = await serveSite(
    t,
    {
      'count.pih':
        '<% const s = Session(); s.count = s.get("count", 0) + 1 %><%= s.count %> <%= QUERY.a %> <%= _a %>',
    },
    { debug: false },
  );
  let promises = 0;
  let ended = 0;
  const hook = createHook({ init: (_id, type) => void (type === 'PROMISE' && promises++) });
  const server = createServer((request, response) => {
    promises = 0;
    hook.enable();
    site.app.handler(request, response);
    hook.disable();
    if (response.writableEnded && promises === 0) ended++;
  }).listen(0, '127.0.0.1');
  t.teardown(() => server.close());
  await new Promise((ready) => server.once('listening', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/count?a=1`;
  const first = await fetch(url);
  const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? '';
  for (const count of [2, 3, 4]) {
    const response = await fetch(url, { headers: { cookie } });
    t.is(await response.text(), `${count} 1 1`);
  }
  // The first request compiles the page.
  t.is(ended, 4);
});
