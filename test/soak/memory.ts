// The memory of a program and its workers, while it is soaked.

import { readFileSync } from 'node:fs';

/** Growth from the middle to the end that is no leak: garbage that has not been collected yet. */
const MOST_FACTOR = 1.25;
const MOST_BYTES = 48 * 2 ** 20;

/** Samples of the resident memory of a process and its children. */
export class MemorySamples {
  readonly #samples: number[] = [];

  take(pid: number): void {
    const bytes = residentOf(pid);
    if (bytes !== undefined) this.#samples.push(bytes);
  }

  /** The median of the middle fifth and of the last one, in bytes; undefined where memory cannot be seen. */
  get medians(): { readonly middle: number; readonly end: number } | undefined {
    const { length } = this.#samples;
    if (length < 5) return undefined;
    const median = (from: number, to: number) => {
      const part = this.#samples.slice(Math.floor(length * from), Math.ceil(length * to));
      return part.sort((a, b) => a - b)[Math.floor(part.length / 2)] ?? 0;
    };
    return { middle: median(0.4, 0.6), end: median(0.8, 1) };
  }

  /** Whether the memory at the end is not far above that in the middle. */
  get isFlat(): boolean {
    const { medians } = this;
    return medians === undefined || medians.end <= medians.middle * MOST_FACTOR + MOST_BYTES;
  }
}

function residentOf(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    return children.reduce((sum, child) => sum + (residentOf(Number(child)) ?? 0), own(pid));
  } catch {
    // It has ended.
    return undefined;
  }
}

function own(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}
