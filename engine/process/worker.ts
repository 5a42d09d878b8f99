// A worker's side of the messages: it gets its configuration from the parent and carries out the parent's orders.

import { once } from 'node:events';
import type { LoadedConfig } from '../../config/load-config.ts';
import type { Audience, PreparationFailure, SnapshotData } from '../pages/generation-change.ts';
import {
  isOrder,
  type PreparedReport,
  sendReport,
  type WorkerOrder,
  type WorkerStart,
} from './worker-messages.ts';

/** The start order. The worker asks for it, because a message that arrives before the worker listens is lost. */
export async function receivedStart(): Promise<WorkerStart> {
  const received = once(process, 'message');
  sendReport({ report: 'born' });
  const [first]: unknown[] = await received;
  if (isOrder(first) && first.order === 'start') return first;
  throw new TypeError('a worker is started by its parent, with a configuration');
}

/** A worker's actions for the orders of its parent. */
export interface OrderActions {
  readonly stop: () => void;
  readonly hold: () => void;
  /** Resolves with whether the configuration is in force now. */
  readonly configure: (loaded: LoadedConfig, sources: SnapshotData | undefined) => Promise<boolean>;
  /** The audience of the parent's plans, if the parent plans the generations. */
  readonly audience: () => Audience | undefined;
}

/** Carries out orders: `stop` and `hold` at once, all others one after another. */
export function onOrders(actions: OrderActions): void {
  let working: Promise<void> = Promise.resolve();
  process.on('message', (message: unknown) => {
    if (!isOrder(message)) return;
    if (message.order === 'stop') actions.stop();
    else if (message.order === 'hold') hold(actions);
    else working = working.then(() => carryOut(message, actions));
  });
}

function hold(actions: OrderActions): void {
  actions.hold();
  sendReport({ report: 'holding' });
}

async function carryOut(order: WorkerOrder, { stop, configure, audience }: OrderActions): Promise<void> {
  if (order.order === 'configure')
    sendReport({ report: 'configured', done: await configure(order.loaded, order.sources) });
  if (order.order === 'prepare')
    sendReport({ report: 'prepared', refusal: refusalFields(await audience()?.prepare(order.change)) });
  if (order.order === 'forget-locations') audience()?.forgetLocations();
  // If this worker could not prepare what the others could, it is of an older generation, and another worker takes its place.
  if (order.order === 'serve' && audience()?.serve() === false) stop();
}

function refusalFields(refusal: PreparationFailure | undefined): PreparedReport['refusal'] {
  if (refusal === undefined) return undefined;
  const { component, problem } = refusal;
  if (!(problem instanceof Error)) return { component, name: 'Error', message: String(problem) };
  return { component, name: problem.name, message: problem.message, stack: problem.stack };
}
