// Tells the watchdog of a worker (watchdog-thread.ts) that this process still does something: a beat each half second,
// in memory that both share. Costs a thread (about 10 MB) and nothing per request.

import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Config } from '../../config/schema.ts';

/** How often a beat is given and looked for. */
export const BEAT_MS = 500;

/** The places in the shared memory. */
export const BEATS = 0;
export const IN_DEBUGGER = 1;
export const LIMIT_SECONDS = 2;
const PLACES = 3;

/** What the thread must know to write a message as the server does. */
export type WatchdogSettings = Pick<Config, 'root_dir' | 'log'> & { readonly colours: boolean };

/** What the thread is given. */
export interface WatchdogStart {
  readonly shared: Int32Array;
  readonly settings: WatchdogSettings;
}

/** Guards this process from now on; gives the way to apply another configuration. */
export async function startWatchdog(config: Config, colours: boolean): Promise<(config: Config) => void> {
  const { url } = await import('node:inspector');
  const shared = new Int32Array(new SharedArrayBuffer(PLACES * Int32Array.BYTES_PER_ELEMENT));
  const file = new URL(`./watchdog-thread${extname(import.meta.url)}`, import.meta.url);
  const limit = ({ limits }: Config): void => {
    Atomics.store(shared, LIMIT_SECONDS, Math.ceil(limits.page_timeout));
  };
  const beat = (): void => {
    // A halt at a breakpoint is no loop.
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
