// The messages between the parent and its workers: orders to a worker, and the worker's reports. Orders are messages and not signals,
// because a terminal or systemd sends a signal to parent and workers alike.

import type { Worker } from 'node:cluster';
import type { LoadedConfig } from '../../config/load-config.ts';
import type { GenerationChange, SnapshotData } from '../pages/generation-change.ts';
import type { Announcement } from './announcement.ts';

/** An order of the parent. */
export type WorkerOrder =
  | ({ readonly order: 'start' } & WorkerStart)
  /** Let requests wait, because the order to stop follows within seconds. */
  | { readonly order: 'hold' }
  | ({ readonly order: 'configure' } & WorkerStart)
  | { readonly order: 'prepare'; readonly change: GenerationChange }
  | { readonly order: 'serve' }
  | { readonly order: 'forget-locations' }
  | { readonly order: 'stop' };

/** The configuration that all workers have; the file may have changed since it was loaded. */
export interface WorkerStart {
  readonly loaded: LoadedConfig;
  /** The pages and modules that are served, if the parent plans the generations: the disk may be half-written. */
  readonly sources: SnapshotData | undefined;
}

/** A report of a worker. */
export type WorkerReport =
  /** The worker listens for messages. */
  | { readonly report: 'born' }
  | ListeningReport
  /** A signal asks the worker to stop. The parent, which may have the same signal, decides when. */
  | { readonly report: 'signalled' }
  | { readonly report: 'holding' }
  | { readonly report: 'configured'; readonly done: boolean }
  | PreparedReport;

/** The worker accepts connections. */
export interface ListeningReport {
  readonly report: 'listening';
  readonly announcement: Announcement;
  /** The beginning of the paths of its temporary folders, which the parent removes if the worker is killed. */
  readonly upload_prefix: string;
}

/** A generation is prepared, or one of its components could not be. */
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

/** Sends an order, if the worker is connected. */
export function sendOrder(worker: Worker, order: WorkerOrder): void {
  if (worker.isConnected()) worker.send(order);
}

/** Sends a report to the parent. While a worker stops, the parent has closed the channel. */
export function sendReport(report: WorkerReport): void {
  if (process.connected) process.send?.(report);
}

/** The outcome of a new configuration in one worker. 'busy': the worker has not answered in time, and applies it later. */
export type Configured = 'done' | 'refused' | 'ended' | 'busy';

/** Sends a worker a configuration; resolves when it is in force there, or after `patience_ms`. */
export async function configureWorker(
  worker: Worker,
  order: WorkerOrder & { readonly order: 'configure' },
  patience_ms: number,
): Promise<Configured> {
  const answer = await reportAfter(worker, order, 'configured', patience_ms);
  if (typeof answer === 'string') return answer;
  return answer.report === 'configured' && answer.done ? 'done' : 'refused';
}

/** Sends an order; resolves with the report of the given kind, or with 'busy' if that takes longer than `patience_ms`. */
export function reportAfter(
  worker: Worker,
  order: WorkerOrder,
  kind: WorkerReport['report'],
  patience_ms: number,
): Promise<WorkerReport | 'ended' | 'busy'> {
  return new Promise((resolve) => {
    const settle = (outcome: WorkerReport | 'ended' | 'busy') => {
      clearTimeout(slow);
      worker.off('message', hear).off('exit', end);
      resolve(outcome);
    };
    const hear = (message: unknown) => {
      if (isReport(message) && message.report === kind) settle(message);
    };
    const end = () => settle('ended');
    const slow = setTimeout(() => settle('busy'), patience_ms);
    worker.on('message', hear).once('exit', end);
    if (worker.isConnected()) sendOrder(worker, order);
    else end();
  });
}

/** Whether a message is an order of the parent. */
export function isOrder(message: unknown): message is WorkerOrder {
  return typeof message === 'object' && message !== null && 'order' in message;
}

/** Whether a message is a worker's report. */
export function isReport(message: unknown): message is WorkerReport {
  return typeof message === 'object' && message !== null && 'report' in message;
}
