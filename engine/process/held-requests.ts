// Requests that wait for a moment while a server stops. Before a port can be closed, all connections that the system has
// accepted for it must be taken, since closing resets the others, though their clients came in time. Node takes one a turn of
// its event loop: while requests wait these turns are short, and clients that wait do not come again.

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setImmediate as turnOfLoop } from 'node:timers/promises';

/** Under steady load there is always one more; then the rest is reset after all. */
const LONGEST_MS = 500;
/** The first turn of the event loop may have begun before. */
const QUIET_TURNS = 2;

/** Holds back what is asked of a server from now on; gives the way to let it go on. */
export function holdRequests(server: Server): () => void {
  const held: [IncomingMessage, ServerResponse][] = [];
  const listeners = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (...request) => held.push(request));
  return () => {
    server.removeAllListeners('request');
    // A request on a kept connection is still answered, and told to be the last.
    const isLast = (_: IncomingMessage, outgoing: ServerResponse) => {
      outgoing.shouldKeepAlive = false;
    };
    server.prependListener('checkContinue', isLast);
    server.on('request', isLast);
    server.on('request', (...request) => {
      for (const listener of listeners) Reflect.apply(listener, server, request);
    });
    for (const [incoming, outgoing] of held) server.emit('request', incoming, outgoing);
  };
}

/** Resolves when for a whole turn of the event loop there was nothing to take, and then at once. */
export async function untilQuiet(tookSome: () => boolean): Promise<void> {
  const until = performance.now() + LONGEST_MS;
  for (let quiet = 0; quiet < QUIET_TURNS && performance.now() < until; quiet++) {
    await turnOfLoop();
    if (tookSome()) quiet = -1;
  }
}
