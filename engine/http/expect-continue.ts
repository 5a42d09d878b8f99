// `Expect: 100-continue`: the client sends its body after a response with status 100 (RFC 9110, 10.1.1). That response is sent
// when the body is read, so a refused request costs no upload. This needs a listener for `checkContinue` (process/listen.ts):
// without one, Node sends status 100 before it calls the handler.

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** Requests whose client waits for status 100, with their response. */
const waiting = new WeakMap<
  IncomingMessage,
  { readonly outgoing: ServerResponse; readonly keeps: boolean }
>();

/**
 * The listener for `checkContinue`. Until the body is asked for, the connection ends with the response, because the client may
 * or may not send its body.
 */
export function withoutContinue(handler: RequestListener): RequestListener {
  return (incoming, outgoing) => {
    waiting.set(incoming, { outgoing, keeps: outgoing.shouldKeepAlive });
    outgoing.shouldKeepAlive = false;
    handler(incoming, outgoing);
  };
}

/** Asks for the body, if the client waits for status 100. */
export function askForBody(incoming: IncomingMessage): void {
  const known = waiting.get(incoming);
  if (known === undefined) return;
  waiting.delete(incoming);
  known.outgoing.shouldKeepAlive = known.keeps;
  known.outgoing.writeContinue();
}
