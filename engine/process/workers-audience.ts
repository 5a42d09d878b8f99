// The workers as those that serve generations: all of them prepare the next one, then all of them serve it.

import type { Worker } from 'node:cluster';
import type { Audience, GenerationChange, Refusal } from '../pages/generation-change.ts';
import { ask, tell } from './tell.ts';
import type { PreparedReport } from './worker.ts';

/** A worker that has not answered after this time is busy: it prepares and serves the generation later, in milliseconds. */
const PREPARE_MS = 15_000;

/** The serving workers of a parent. */
export class WorkersAudience implements Audience {
  readonly #workers: () => Iterable<Worker>;

  /** @param workers those that listen, asked at each order */
  constructor(workers: () => Iterable<Worker>) {
    this.#workers = workers;
  }

  async prepare(change: GenerationChange): Promise<Refusal | undefined> {
    const asked = [...this.#workers()].map((worker) =>
      ask(worker, { order: 'prepare', change }, (report) => report.report === 'prepared', PREPARE_MS),
    );
    for (const answer of await Promise.all(asked)) {
      if (typeof answer === 'object' && answer.report === 'prepared' && answer.refusal !== undefined)
        return { component: answer.refusal.component, problem: errorOf(answer.refusal) };
    }
    return undefined;
  }

  serve(): boolean {
    for (const worker of this.#workers()) tell(worker, { order: 'serve' });
    return true;
  }

  forgetLocations(): void {
    for (const worker of this.#workers()) tell(worker, { order: 'forget-locations' });
  }
}

/** The error that a worker has met, with its stack. */
function errorOf({ name, message, stack }: RefusalText): Error {
  return Object.assign(new Error(message), { name, stack });
}

type RefusalText = NonNullable<PreparedReport['refusal']>;
