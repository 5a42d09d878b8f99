// Clients that disconnect before their response is complete: they need no response, and the site has made no error.

import type { ServerResponse } from 'node:http';

/** The client disconnected before its request or response was complete. */
export class ClientLeft extends Error {
  override readonly name = 'ClientLeft';
}

/** Whether the client has disconnected before its response was complete. */
export function clientLeft(outgoing: ServerResponse): boolean {
  return outgoing.destroyed && !outgoing.writableFinished;
}
