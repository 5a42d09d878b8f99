// Shows the watchdog thread of a worker (watchdog-thread.ts) that the event loop of this process still runs: a heartbeat each half
// second, in memory that both share. This costs a thread (about 10 MB), and nothing per request.

import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Config } from '../../config/schema.ts';

/** The interval of the heartbeat and of the thread's look at it. */
export const BEAT_MS = 500;

/** The indexes in the shared memory. */
export const BEATS = 0;
export const IN_DEBUGGER = 1;
export const LIMIT_SECONDS = 2;
const LENGTH = 3;

/** The settings for messages in the format of the server. */
export type WatchdogSettings = Pick<Config, 'root_dir' | 'log'> & { readonly colours: boolean };

/** The data that the thread starts with. */
export interface WatchdogStart {
  readonly shared: Int32Array;
  readonly settings: WatchdogSettings;
}

/**
 * Starts the watchdog of this process.
 * @returns a function that applies another configuration
 */
export async function startWatchdog(config: Config, colours: boolean): Promise<(config: Config) => void> {
  const { url } = await import('node:inspector');
  const shared = new Int32Array(new SharedArrayBuffer(LENGTH * Int32Array.BYTES_PER_ELEMENT));
  const file = new URL(`./watchdog-thread${extname(import.meta.url)}`, import.meta.url);
  const limit = ({ limits }: Config): void => {
    Atomics.store(shared, LIMIT_SECONDS, Math.ceil(limits.page_timeout));
  };
  const beat = (): void => {
    // A process that a debugger has stopped at a breakpoint is not stuck.
    Atomics.store(shared, IN_DEBUGGER, url() === undefined ? 0 : 1);
    Atomics.add(shared, BEATS, 1);
  };
  limit(config);
  beat();
  const thread = new Worker(file, { workerData: { shared, settings: settingsOf(config, colours) } });
  thread.unref();
  setInterval(beat, BEAT_MS).unref();
  return (next) => {
    limit(next);
    thread.postMessage(settingsOf(next, colours));
  };
}

function settingsOf({ root_dir, log }: Config, colours: boolean): WatchdogSettings {
  return { root_dir, log, colours };
}
