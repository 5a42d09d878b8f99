// What a parent says to one worker, and what it is answered.

import type { Worker } from 'node:cluster';
import type { LoadedConfig } from '../../config/load.ts';
import { isReport, type Order } from './worker.ts';

/** Gives an order; one that has ended needs none. */
export function tell(worker: Worker, order: Order): void {
  if (worker.isConnected()) worker.send(order);
}

/** What has become of a configuration in one worker. 'busy': it has not answered in time, and does it later. */
export type Configured = 'done' | 'refused' | 'ended' | 'busy';

/** Gives a worker a configuration, and waits until it is in force there. */
export function configureWorker(
  worker: Worker,
  loaded: LoadedConfig,
  patience_ms: number,
): Promise<Configured> {
  return new Promise((resolve) => {
    const settle = (what: Configured) => {
      clearTimeout(slow);
      worker.off('message', hear).off('exit', end);
      resolve(what);
    };
    const hear = (message: unknown) => {
      if (isReport(message) && message.report === 'configured') settle(message.done ? 'done' : 'refused');
    };
    const end = () => settle('ended');
    const slow = setTimeout(() => settle('busy'), patience_ms);
    worker.on('message', hear).once('exit', end);
    tell(worker, { order: 'configure', loaded });
  });
}
