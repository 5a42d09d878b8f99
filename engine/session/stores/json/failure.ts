// Errors of the file system: telling them apart, and saying them as a Problem of the store.

import { Problem } from '../../../diagnostics/problem.ts';
import { reasonOf } from '../failure.ts';

/** Whether an error of the file system has this code. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Runs something on the disk; what fails there is a Problem 'session-store-failed'. */
export async function onDisk<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem('session-store-failed', { holes: { reason: reasonOf(cause) }, cause });
  }
}
