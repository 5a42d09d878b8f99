// The audience of the parent's plans: all workers prepare the next generation, then all of them serve it.

import type { Worker } from 'node:cluster';
import type { Audience, GenerationChange, PreparationFailure } from '../pages/generation-change.ts';
import { type PreparedReport, reportAfter, sendOrder } from './worker-messages.ts';

/** If a worker has not answered after this time in milliseconds, it is busy: it prepares and serves the generation later. */
const PREPARE_MS = 15_000;

/** The serving workers of a parent. */
export class WorkersAudience implements Audience {
  readonly #workers: () => Iterable<Worker>;

  /** @param workers gives the workers that listen; called at each order */
  constructor(workers: () => Iterable<Worker>) {
    this.#workers = workers;
  }

  async prepare(change: GenerationChange): Promise<PreparationFailure | undefined> {
    const reports = [...this.#workers()].map((worker) =>
      reportAfter(worker, { order: 'prepare', change }, 'prepared', PREPARE_MS),
    );
    for (const answer of await Promise.all(reports)) {
      if (typeof answer === 'object' && answer.report === 'prepared' && answer.refusal !== undefined)
        return { component: answer.refusal.component, problem: errorOf(answer.refusal) };
    }
    return undefined;
  }

  serve(): boolean {
    for (const worker of this.#workers()) sendOrder(worker, { order: 'serve' });
    return true;
  }

  forgetLocations(): void {
    for (const worker of this.#workers()) sendOrder(worker, { order: 'forget-locations' });
  }
}

/** The error that a worker has reported, with its stack. */
function errorOf({ name, message, stack }: RefusalText): Error {
  return Object.assign(new Error(message), { name, stack });
}

type RefusalText = NonNullable<PreparedReport['refusal']>;
