// The orderly end of a node:http server. When the port is closed, the system resets the connections in its accept queue
// (listen(2), "backlog"), although their clients consider them established. Node accepts one connection in each iteration of its event
// loop. So requests wait while the queue is emptied: then the iterations are short, and waiting clients open no further connections.
// A connection that arrives between the last look at the queue and the closing of the port is reset; the system has no call that
// does both.

import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as pause, setImmediate as untilNextIteration } from 'node:timers/promises';

/** The queue gets this long to become empty. Under a load that never pauses it does not, and its last connections are reset. */
const LONGEST_MS = 1000;
/** The queue is empty after this many iterations without a connection; the first one may have polled before. */
const QUIET_ITERATIONS = 2;
/** After a longer iteration the queue is polled again, because a connection may have arrived since its poll. */
const SHORT_MS = 1;

/** A kept connection gets this long for its next request, which is answered with `Connection: close`. */
const KEPT_MS = 500;
/** The interval at which idle connections are closed. */
const SWEEP_MS = 50;
/** A page gets this long to be answered after its interruption, before its connection is cut. */
const LAST_ANSWER_MS = 500;

/**
 * Lets all requests wait that arrive from now on.
 * @returns a function that passes them to the server's listeners, each as the last one on its connection
 */
export function holdRequests(server: Server): () => void {
  const held: [IncomingMessage, ServerResponse][] = [];
  const listeners = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (...request) => held.push(request));
  return () => {
    server.removeAllListeners('request');
    const closeAfterwards = (_: IncomingMessage, outgoing: ServerResponse) => {
      outgoing.shouldKeepAlive = false;
    };
    server.prependListener('checkContinue', closeAfterwards);
    server.on('request', closeAfterwards);
    server.on('request', (...request) => {
      for (const listener of listeners) Reflect.apply(listener, server, request);
    });
    for (const [incoming, outgoing] of held) server.emit('request', incoming, outgoing);
  };
}

/**
 * Resolves when the accept queue of a port is empty, in the same iteration of the event loop that found it so, or after a second.
 * @param hasAccepted whether a connection was accepted since the last call
 */
export async function untilNoConnectionWaits(hasAccepted: () => boolean): Promise<void> {
  const until = performance.now() + LONGEST_MS;
  for (let quiet = 0; quiet < QUIET_ITERATIONS && performance.now() < until; quiet++) {
    const from = performance.now();
    await untilNextIteration();
    if (hasAccepted()) {
      quiet = -1;
      // A loop without a pause would take the CPU from the processes that take the connections.
      await pause(1);
    } else if (performance.now() - from > SHORT_MS) quiet = -1;
  }
}

/**
 * Stops a server; resolves when all its connections have ended.
 * @param grace_ms running requests are cut off after this time, in milliseconds
 * @param interrupt called shortly before that, so that running pages can still be answered
 * @param letGo passes on the requests that wait, if they do already
 */
export async function stopServer(
  server: Server,
  grace_ms: number,
  interrupt: () => unknown,
  letGo = holdRequests(server),
): Promise<void> {
  const closed = once(server, 'close');
  await untilNoConnectionWaits(acceptedSince(server));
  server.close();
  letGo();
  const sweep = closeIdleLater(server);
  // The second time runs from the interruption: on a busy machine both timers of one start might be due together.
  let late = setTimeout(
    () => {
      interrupt();
      late = setTimeout(() => server.closeAllConnections(), LAST_ANSWER_MS);
    },
    Math.max(0, grace_ms - LAST_ANSWER_MS),
  );
  await closed;
  clearInterval(sweep);
  clearTimeout(late);
}

/** A function that tells whether the server has accepted a connection since its last call. */
function acceptedSince(server: Server): () => boolean {
  let accepted = false;
  server.on('connection', () => {
    accepted = true;
  });
  return () => {
    const since = accepted;
    accepted = false;
    return since;
  };
}

/**
 * Closes idle connections once their clients have had time for a last request. Each sweep follows a poll, so that a request that
 * has arrived is read before its connection counts as idle.
 */
function closeIdleLater(server: Server): NodeJS.Timeout {
  const from = performance.now() + KEPT_MS;
  return setInterval(() => {
    if (performance.now() >= from) setImmediate(() => server.closeIdleConnections());
  }, SWEEP_MS);
}
