// The memory of the process after a garbage collection.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { shown } from './figures.ts';

/** Bytes of the heap in use, and of the process. */
export interface Memory {
  readonly heap: number;
  readonly rss: number;
}

export function memory(): Memory {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed, rss };
}

export function megabytes(bytes: number): string {
  return `${shown(bytes / 1e6)} MB`;
}
