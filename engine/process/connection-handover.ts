// Connections on their way from the parent to a worker. node:cluster hands over one connection at a time to each worker, and closes its
// own descriptor of it when the worker has confirmed that it has it. If the worker is killed before, Node 20 never closes that
// descriptor, and the client waits for ever. So this module watches the messages between parent and worker.

import type { Worker } from 'node:cluster';

interface Handle {
  close(): void;
}

/** The connections that the parent hands to one worker. */
export interface ConnectionHandover {
  /** How many connections have been sent to the worker so far. */
  readonly sent: number;
  /** Whether the worker has not confirmed the last one yet. */
  readonly isPending: boolean;
}

/** Watches the connections that a worker is sent. If it ends before it confirms one, the connection is closed. */
export function watchHandover(worker: Worker): ConnectionHandover {
  const { process: child } = worker;
  let sent = 0;
  let last: Handle | undefined;
  let unconfirmed: unknown;
  child.send = new Proxy(child.send, {
    apply: (send, self, args: unknown[]) => {
      if (isHandle(args[1])) {
        sent++;
        last = args[1];
        unconfirmed = member(args[0], 'seq');
      }
      return Reflect.apply(send, self, args);
    },
  });
  child.on('internalMessage', (message: unknown) => {
    if (unconfirmed !== undefined && member(message, 'ack') === unconfirmed) unconfirmed = undefined;
  });
  // A message to a worker that was just killed fails (EPIPE), and its 'exit' event follows. A worker that could not be started has no
  // 'exit' event.
  worker.on('error', (error: Error) => {
    if (child.pid === undefined) throw error;
  });
  // A confirmed connection is closed here already; closing it again has no effect.
  worker.once('exit', () => last?.close());
  return {
    get sent() {
      return sent;
    },
    get isPending() {
      return unconfirmed !== undefined && worker.isConnected();
    },
  };
}

function member(message: unknown, name: string): unknown {
  return typeof message === 'object' && message !== null ? Reflect.get(message, name) : undefined;
}

function isHandle(value: unknown): value is Handle {
  return typeof value === 'object' && value !== null && 'close' in value && typeof value.close === 'function';
}
