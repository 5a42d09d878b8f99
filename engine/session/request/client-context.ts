// The context of a request whose session is in the visitor's cookies: a store and queues of its own.

import { SerializedStore } from '../format/serialized-store.ts';
import { LockQueues } from '../lock/lock-queues.ts';
import type { SessionContext } from '../session-context.ts';
import type { SessionRequest } from '../session-types.ts';

/** The context of the server, or one for this request alone if the client keeps the sessions. */
export function contextForRequest(context: SessionContext, request: SessionRequest): SessionContext {
  if (context.openClientStore === undefined) return context;
  const clientStore = context.openClientStore(request.cookie, context.config.session.cookie.name);
  const queues = new LockQueues(context.now);
  const store = new SerializedStore({ texts: clientStore, queues, log: context.log });
  return { ...context, clientStore, store, queues };
}
