// One of several serving processes, as it speaks with its parent: it is given its configuration, reports that it listens,
// and takes orders. Orders are messages, since a terminal or systemd sends a signal to parent and children alike.

import { once } from 'node:events';
import type { LoadedConfig } from '../../config/load.ts';
import type { Announcement } from './announce.ts';

/** What a parent tells a worker. All of them are given the same configuration: the file may have changed again meanwhile. */
export type Order =
  | { readonly order: 'start'; readonly loaded: LoadedConfig }
  /** It will be told to stop in a moment: requests wait until then. */
  | { readonly order: 'hold' }
  | { readonly order: 'configure'; readonly loaded: LoadedConfig }
  | { readonly order: 'stop' };

/** What a worker tells its parent: that it hears, that it listens, whether it has put a configuration into force. */
export type Report =
  | { readonly report: 'born' }
  | { readonly report: 'listening'; readonly announcement: Announcement }
  | { readonly report: 'configured'; readonly done: boolean };

/** The configuration that this worker starts with. It asks for it: what is said before it hears would be lost. */
export async function givenConfiguration(): Promise<LoadedConfig> {
  const told = once(process, 'message');
  report({ report: 'born' });
  const [first]: unknown[] = await told;
  if (isOrder(first) && first.order === 'start') return first.loaded;
  throw new TypeError('a worker is started by its parent, with a configuration');
}

/** Tells the parent. */
export function report(what: Report): void {
  // While it stops, the parent has closed the channel.
  if (process.connected) process.send?.(what);
}

/** What a worker does when it is ordered to. */
export interface OrderActions {
  readonly stop: () => void;
  readonly hold: () => void;
  /** Whether the configuration is in force now. */
  readonly configure: (loaded: LoadedConfig) => Promise<boolean>;
}

/** Carries out what the parent orders. */
export function onOrders({ stop, hold, configure }: OrderActions): void {
  process.on('message', (message: unknown) => {
    if (!isOrder(message)) return;
    if (message.order === 'stop') stop();
    if (message.order === 'hold') hold();
    if (message.order === 'configure') {
      void configure(message.loaded).then((done) => report({ report: 'configured', done }));
    }
  });
}

function isOrder(message: unknown): message is Order {
  return typeof message === 'object' && message !== null && 'order' in message;
}

/** Whether a message is a worker's report. */
export function isReport(message: unknown): message is Report {
  return typeof message === 'object' && message !== null && 'report' in message;
}
