// The pauses of the event loop, measured in two ways: by setImmediate from one turn to the next, and by Node's own monitor. A
// process that waits for a core pauses too, which is not caused by the measured work. Where Linux tells how long this thread waited
// for a core, that time is subtracted, and the time that the thread worked is printed.

import { openSync, readSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** The longest pauses in milliseconds. */
export interface Pauses {
  /** By the clock. */
  readonly longest: number;
  /** By the clock, minus the time that the thread waited for a core, if that is known. */
  readonly own: number;
  /** The longest work of the thread from one turn to the next. */
  readonly work: number;
  /** By Node's monitor. */
  readonly monitored: number;
}

/** The longest pauses while something runs. */
export async function pausesDuring(work: () => Promise<unknown>): Promise<Pauses> {
  const pauses = { longest: 0, own: 0, work: 0 };
  const monitor = monitorEventLoopDelay({ resolution: 1 });
  let running = true;
  let last = moment();
  const look = () => {
    const now = moment();
    const pause = now.time - last.time;
    pauses.longest = Math.max(pauses.longest, pause);
    pauses.own = Math.max(pauses.own, pause - (now.waited - last.waited));
    pauses.work = Math.max(pauses.work, now.worked - last.worked);
    last = now;
    if (running) setImmediate(look);
  };
  setImmediate(look);
  monitor.enable();
  await work();
  running = false;
  monitor.disable();
  return { ...pauses, monitored: monitor.max / 1e6 };
}

const schedule = scheduleOfThread();
const buffer = Buffer.alloc(64);

interface Moment {
  readonly time: number;
  readonly worked: number;
  readonly waited: number;
}

function moment(): Moment {
  const [worked = 0, waited = 0] = schedule === undefined ? [] : fieldsOf(schedule).map(Number);
  return { time: performance.now(), worked: worked / 1e6, waited: waited / 1e6 };
}

/** /proc/…/schedstat: nanoseconds on a core, nanoseconds of waiting for one, number of time slices. */
function fieldsOf(file: number): string[] {
  return buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, 0)).split(' ');
}

function scheduleOfThread(): number | undefined {
  try {
    return openSync('/proc/thread-self/schedstat', 'r');
  } catch {
    return undefined;
  }
}
