// `Expect: 100-continue`: a client that sends its body only once it is told to. It is told when the body is read, so that a
// request that is refused before costs no upload (RFC 9110, 10.1.1). Only a server that leaves this to us (process/listen.ts):
// under any other, Node has said 100 before the handler is called.

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** Requests whose client still waits, with the response that tells it. */
const waiting = new WeakMap<
  IncomingMessage,
  { readonly outgoing: ServerResponse; readonly keeps: boolean }
>();

/** The listener for `checkContinue`. Until the body is asked for, the connection ends with the response: its body may or may not follow. */
export function withoutContinue(handler: RequestListener): RequestListener {
  return (incoming, outgoing) => {
    waiting.set(incoming, { outgoing, keeps: outgoing.shouldKeepAlive });
    outgoing.shouldKeepAlive = false;
    handler(incoming, outgoing);
  };
}

/** Asks for the body, if the client waits for that. */
export function askForBody(incoming: IncomingMessage): void {
  const known = waiting.get(incoming);
  if (known === undefined) return;
  waiting.delete(incoming);
  known.outgoing.shouldKeepAlive = known.keeps;
  known.outgoing.writeContinue();
}
