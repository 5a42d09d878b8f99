// What a parent says to one worker, and what it is answered.

import type { Worker } from 'node:cluster';
import { isReport, type Order, type Report } from './worker.ts';

/** Gives an order; one that has ended needs none. */
export function tell(worker: Worker, order: Order): void {
  if (worker.isConnected()) worker.send(order);
}

/** What has become of a configuration in one worker. 'busy': it has not answered in time, and does it later. */
export type Configured = 'done' | 'refused' | 'ended' | 'busy';

/** Gives a worker a configuration, and waits until it is in force there. */
export async function configureWorker(
  worker: Worker,
  order: Order & { readonly order: 'configure' },
  patience_ms: number,
): Promise<Configured> {
  const answer = await ask(worker, order, ({ report }) => report === 'configured', patience_ms);
  if (typeof answer === 'string') return answer;
  return answer.report === 'configured' && answer.done ? 'done' : 'refused';
}

/** Gives an order, and waits for the report that answers it; 'busy' if that takes longer than `patience_ms`. */
export function ask(
  worker: Worker,
  order: Order,
  isAnswer: (report: Report) => boolean,
  patience_ms: number,
): Promise<Report | 'ended' | 'busy'> {
  return new Promise((resolve) => {
    const settle = (what: Report | 'ended' | 'busy') => {
      clearTimeout(slow);
      worker.off('message', hear).off('exit', end);
      resolve(what);
    };
    const hear = (message: unknown) => {
      if (isReport(message) && isAnswer(message)) settle(message);
    };
    const end = () => settle('ended');
    const slow = setTimeout(() => settle('busy'), patience_ms);
    worker.on('message', hear).once('exit', end);
    if (worker.isConnected()) tell(worker, order);
    else end();
  });
}
