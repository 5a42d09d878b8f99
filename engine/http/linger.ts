// Ends a response whose request is still being sent: the client hears the answer only if it is let finish. To close at once
// would reset the connection and lose the answer on its way; to read everything would give it what the limit denies.

import type { Exchange } from './exchange.ts';

const LONGEST_MS = 2000;
const MOST_BYTES = 16 * 1024 * 1024;

/** Sends the body, reads and forgets what still comes for a short while, then closes the connection. */
export function drained(exchange: Exchange, body: string | Uint8Array | undefined): void {
  const { incoming, outgoing } = exchange;
  if (body !== undefined && body.length > 0) outgoing.write(body);
  else outgoing.flushHeaders();
  if (incoming.complete) {
    outgoing.end();
    return;
  }
  let seen = 0;
  const close = () => {
    clearTimeout(timer);
    incoming.off('data', count).off('end', close).off('close', close);
    outgoing.end();
  };
  const count = (chunk: Buffer) => {
    seen += chunk.length;
    if (seen > MOST_BYTES) close();
  };
  const timer = setTimeout(close, LONGEST_MS).unref();
  incoming.on('error', () => undefined);
  incoming.on('data', count).on('end', close).on('close', close);
  incoming.resume();
}
