// Steps on the disk that files and locks have in common. All of them are synchronous: they run in a thread of their own, where
// a call costs a tenth of its asynchronous twin.

import { mkdirSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';

/** The time for further tries in ms, because on Windows a virus scanner or reader may hold a file for a moment. */
const BUSY_MS = 1000;
const BUSY_STEP_MS = 5;
const BUSY_CODES = ['EPERM', 'EACCES', 'EBUSY'];

/** Whether an error of the file system has one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.some((code) => code === error.code);
}

/** The result of `work`; `otherwise` if there is no file under the name. */
export function ifThere<T, Other>(work: () => T, otherwise: Other): T | Other {
  try {
    return work();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return otherwise;
    throw error;
  }
}

/** Whether there was something to unlink. */
export function unlinkIfThere(path: string): boolean {
  return ifThere(() => {
    unlinkSync(path);
    return true;
  }, false);
}

/** Makes something; its folder, which only this user may enter, is made where it is missing. */
export function inFolder<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return make();
  }
}

/** Does something that Windows refuses while another process looks at the file. */
export function whenFree(work: () => void): void {
  const began = performance.now();
  for (;;) {
    try {
      work();
      return;
    } catch (error) {
      const isBusy = process.platform === 'win32' && hasCode(error, ...BUSY_CODES);
      if (!isBusy || performance.now() - began > BUSY_MS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_STEP_MS);
    }
  }
}
