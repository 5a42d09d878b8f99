// The thread that does the disk's work: a disk that is slow or hangs stops nobody who has no session. It takes the steps of one
// turn of the main thread's event loop in one message, and answers them in one.

import { parentPort, workerData } from 'node:worker_threads';
import { Folder } from './json-folder.ts';

/** A step: the method of a Folder, and its arguments. */
export type Step = readonly [method: Exclude<keyof Folder, symbol>, ...parameters: readonly unknown[]];

/** The answer to a step: its value, or the code and the message of its error. */
export type Answer = readonly [value: unknown] | readonly [value: undefined, code: string, message: string];

const folder = new Folder(workerData);

function answerTo([method, ...parameters]: Step): Answer {
  try {
    return [Reflect.apply(folder[method], folder, parameters)];
  } catch (error) {
    const { code = '', message = String(error) } = Object(error);
    return [undefined, code, message];
  }
}

parentPort?.on('message', (steps: readonly Step[]) => parentPort?.postMessage(steps.map(answerTo)));
