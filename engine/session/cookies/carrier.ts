// Stores that keep nothing on the server: an entry comes with the visitor's cookies and goes back with the response.
// What a request's rules need of such a store beside the interface of all stores.

import type { SessionStore } from '../store.ts';

/** What the visitor lacks of an entry, sealed: all of it, or its deadlines alone, or nothing. */
export interface Outgoing {
  readonly entry?: string;
  readonly term?: string;
  /** It goes out: the visitor has it. */
  sent(): void;
}

/** The store as one request sees it. What is written to it reaches the visitor with the response, or never. */
export interface CarriedStore extends SessionStore<string> {
  /** The content that came with the request, if it could be opened. */
  readonly presented: string | undefined;
  /** Whether something came with this key that could not be opened, is over, or is older than another: its id begins nothing. */
  refuses(key: string): boolean;
  /** Until when the visitor's browser keeps what came; 0: until it closes. */
  readonly until: number;
  /** What to send, kept by the browser until then; undefined when there is no entry under the key. */
  outgoing(key: string, until: number): Promise<Outgoing | undefined>;
  /** Whether something went out already. */
  readonly hasSent: boolean;
}

/** What makes of each request's cookies a store. */
export interface Carrier {
  /** @param header the request's Cookie header; @param name the name of the session cookie */
  forRequest(header: string | undefined, name: string): CarriedStore;
}

/** The name of the small cookie beside the session's own, which has the deadlines when they moved alone. */
export function termCookieName(name: string): string {
  return `${name}_t`;
}
