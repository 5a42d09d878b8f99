// One of several serving processes, as it speaks with its parent: it is given its configuration, reports that it listens,
// and takes orders. Orders are messages, since a terminal or systemd sends a signal to parent and children alike.

import { once } from 'node:events';
import type { LoadedConfig } from '../../config/load.ts';
import type { Audience, GenerationChange, Refusal, SnapshotData } from '../pages/generation-change.ts';
import type { Announcement } from './announce.ts';

/** What a parent tells a worker. All of them are given the same configuration: the file may have changed again meanwhile. */
export type Order =
  | ({ readonly order: 'start' } & StartOrder)
  /** It will be told to stop in a moment: requests wait until then. */
  | { readonly order: 'hold' }
  | ({ readonly order: 'configure' } & StartOrder)
  | { readonly order: 'prepare'; readonly change: GenerationChange }
  | { readonly order: 'serve' }
  | { readonly order: 'forget-locations' }
  | { readonly order: 'stop' };

/** What a worker starts with. */
export interface StartOrder {
  readonly loaded: LoadedConfig;
  /** The pages and modules that are served, where the parent plans the generations: the disk may be half-written. */
  readonly sources: SnapshotData | undefined;
}

/** What a worker tells its parent: that it hears, that it listens, whether it has put a configuration into force. */
export type Report =
  | { readonly report: 'born' }
  | ListeningReport
  | { readonly report: 'configured'; readonly done: boolean }
  | PreparedReport;

/** That it listens, and the beginning of the paths of temporary folders that it leaves behind when it is killed. */
export interface ListeningReport {
  readonly report: 'listening';
  readonly announcement: Announcement;
  readonly upload_prefix: string;
}

/** Whether a generation is prepared, or which component could not be. */
export interface PreparedReport {
  readonly report: 'prepared';
  readonly refusal:
    | {
        readonly component: number;
        readonly name: string;
        readonly message: string;
        readonly stack?: string | undefined;
      }
    | undefined;
}

/** What this worker starts with. It asks for it: what is said before it hears would be lost. */
export async function givenStart(): Promise<StartOrder> {
  const told = once(process, 'message');
  report({ report: 'born' });
  const [first]: unknown[] = await told;
  if (isOrder(first) && first.order === 'start') return first;
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
  readonly configure: (loaded: LoadedConfig, sources: SnapshotData | undefined) => Promise<boolean>;
  /** The one that serves what the parent plans, if the parent plans. */
  readonly audience: () => Audience | undefined;
}

/** Carries out what the parent orders, one order after another; a stop at once. */
export function onOrders(actions: OrderActions): void {
  let working: Promise<void> = Promise.resolve();
  process.on('message', (message: unknown) => {
    if (!isOrder(message)) return;
    if (message.order === 'stop') actions.stop();
    else if (message.order === 'hold') actions.hold();
    else working = working.then(() => carryOut(message, actions));
  });
}

async function carryOut(order: Order, { stop, configure, audience }: OrderActions): Promise<void> {
  if (order.order === 'configure')
    report({ report: 'configured', done: await configure(order.loaded, order.sources) });
  if (order.order === 'prepare')
    report({ report: 'prepared', refusal: textOf(await audience()?.prepare(order.change)) });
  if (order.order === 'forget-locations') audience()?.forgetLocations();
  // A worker that could not do what others could is of an older generation: another one takes its place.
  if (order.order === 'serve' && audience()?.serve() === false) stop();
}

function textOf(refusal: Refusal | undefined): PreparedReport['refusal'] {
  if (refusal === undefined) return undefined;
  const { component, problem } = refusal;
  if (!(problem instanceof Error)) return { component, name: 'Error', message: String(problem) };
  return { component, name: problem.name, message: problem.message, stack: problem.stack };
}

function isOrder(message: unknown): message is Order {
  return typeof message === 'object' && message !== null && 'order' in message;
}

/** Whether a message is a worker's report. */
export function isReport(message: unknown): message is Report {
  return typeof message === 'object' && message !== null && 'report' in message;
}
