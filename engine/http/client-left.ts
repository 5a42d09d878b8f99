// Telling that the client has gone: then no answer is needed, and nothing is wrong with the site.

import type { ServerResponse } from 'node:http';

/** The client broke the connection off before its body was complete. */
export class ClientLeft extends Error {
  override readonly name = 'ClientLeft';
}

/** Whether the client has gone before its response was complete. */
export function clientLeft(outgoing: ServerResponse): boolean {
  return outgoing.destroyed && !outgoing.writableFinished;
}
