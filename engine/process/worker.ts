// One of several serving processes, as it speaks with its parent: it reports that it listens and takes orders.
// Orders are messages, since a terminal or systemd sends a signal to parent and children alike.

import type { Announcement } from './announce.ts';

/** What a parent tells a worker. */
export type Order = 'stop' | 'reload';

/** What a worker tells its parent. */
export interface Report {
  readonly listening: Announcement;
}

/** Tells the parent that this worker serves. */
export function reportListening(listening: Announcement): void {
  const report: Report = { listening };
  process.send?.(report);
}

/** Carries out what the parent orders. */
export function onOrders(actions: { readonly stop: () => void; readonly reload: () => void }): void {
  process.on('message', (order: unknown) => {
    if (order === 'stop') actions.stop();
    if (order === 'reload') actions.reload();
  });
}

/** Whether a message is a worker's report. */
export function isReport(message: unknown): message is Report {
  return typeof message === 'object' && message !== null && 'listening' in message;
}
