// Connections that are on their way from the parent to a worker. node:cluster hands over one at a time and closes its own
// end when the worker has said that it has it; when the worker is killed before, nobody ever closes it (seen in Node 20),
// and whoever is at its other end waits for ever.

import type { Worker } from 'node:cluster';

interface Handle {
  close(): void;
}

/**
 * Closes what was on its way to a worker when it ended: its client sees that, and comes again.
 * @returns whether something is on its way
 */
export function closeInTransit(worker: Worker): () => boolean {
  const { process: child } = worker;
  let last: Handle | undefined;
  let number: unknown;
  child.send = new Proxy(child.send, {
    apply: (send, self, args: unknown[]) => {
      if (isHandle(args[1])) {
        last = args[1];
        number = member(args[0], 'seq');
      }
      return Reflect.apply(send, self, args);
    },
  });
  child.on('internalMessage', (message: unknown) => {
    if (number !== undefined && member(message, 'ack') === number) number = undefined;
  });
  // A message to a worker that was killed a moment ago fails (EPIPE); its 'exit' tells the rest. One that could not be started
  // at all has no 'exit'.
  worker.on('error', (error: Error) => {
    if (child.pid === undefined) throw error;
  });
  // What was taken is closed here already; once more does no harm.
  worker.once('exit', () => last?.close());
  return () => number !== undefined && worker.isConnected();
}

function member(message: unknown, name: string): unknown {
  return typeof message === 'object' && message !== null ? Reflect.get(message, name) : undefined;
}

function isHandle(value: unknown): value is Handle {
  return typeof value === 'object' && value !== null && 'close' in value && typeof value.close === 'function';
}
