// The thread that works on the disk, so that a disk that is slow or hangs stops no page without a session. It takes many steps in
// one message, and answers them in one.

import { parentPort, workerData } from 'node:worker_threads';
import { Folder } from './json-folder.ts';

/** A step: the method of a Folder, and its arguments. */
export type Step = readonly [method: Exclude<keyof Folder, symbol>, ...parameters: readonly unknown[]];

/** The answer to a step: its value, or the code and the message of its error. */
export type StepAnswer =
  | readonly [value: unknown]
  | readonly [value: undefined, code: string, message: string];

const folder = new Folder(workerData);

function answerTo([method, ...parameters]: Step): StepAnswer {
  try {
    return [Reflect.apply(folder[method], folder, parameters)];
  } catch (error) {
    const { code = '', message = String(error) } = Object(error);
    return [undefined, code, message];
  }
}

parentPort?.on('message', (steps: readonly Step[]) => {
  const answers = steps.map(answerTo);
  folder.tellOfNewLocks();
  parentPort?.postMessage(answers);
});
