// Reads the configuration again, at SIGHUP or when its file was saved. If it is broken, the old settings stay in force.

import { watchFile as pollFile, type Stats } from 'node:fs';
import type { LoadedConfig } from '../../config/load-config.ts';
import type { Config } from '../../config/schema.ts';
import type { Say } from './messages.ts';

/** Reads the configuration. Settings that need a restart keep the values of the running configuration. */
export type Load = (running?: Config) => LoadedConfig;

/** The options of a reloader. */
export interface ReloadOptions {
  readonly current: () => Config;
  readonly load: Load;
  /** Puts a configuration into force. To refuse it, it throws, or it logs the reason and returns false. */
  readonly apply: (loaded: LoadedConfig) => Promise<boolean>;
  readonly say: Say;
  /** Called with the reason why the old settings stay. */
  readonly refused?: (error: unknown) => void;
}

/** A function that reloads. Calls during a reload cause one more reload after it. */
export function reloader(options: ReloadOptions): () => Promise<void> {
  let running: Promise<void> | undefined;
  let again = false;
  const run = async (): Promise<void> => {
    do {
      again = false;
      await reloadOnce(options);
    } while (again);
    running = undefined;
  };
  return () => {
    if (running !== undefined) again = true;
    else running = run();
    return running;
  };
}

/** The message for a configuration that was refused. */
export const NOT_RELOADED = 'the configuration was not reloaded, the old settings stay';

async function reloadOnce({ current, load, apply, say, refused }: ReloadOptions): Promise<void> {
  try {
    const loaded = load(current());
    if (!(await apply(loaded))) return;
    say('info', 'configuration reloaded');
    const { pending } = loaded;
    if (pending.length > 0) say('warn', `${listed(pending)} will change with the next start, not before`);
  } catch (error) {
    say('error', NOT_RELOADED, error);
    refused?.(error);
  }
}

function listed(keys: readonly string[]): string {
  return keys.length < 2 ? keys.join('') : `${keys.slice(0, -1).join(', ')} and ${keys.at(-1)}`;
}

/** The interval at which the file is polled, in milliseconds; a poll costs about 5 µs. */
const POLL_MS = 200;
/** The file is read after it has not changed for this time, because a half-written file would be reported as broken. */
const STABLE_MS = 60;

/**
 * Calls `saved` whenever a file was saved, for as long as the process runs. The file is polled, because it may be reached through a
 * symbolic link that is switched (a release, a mounted volume): a file watcher does not report that.
 */
export function watchFile(file: string, saved: () => void): void {
  let stable: NodeJS.Timeout | undefined;
  const changed = ({ mtimeMs }: Stats) => {
    clearTimeout(stable);
    // 0: the file does not exist. Some editors remove a file before they write it.
    if (mtimeMs > 0) stable = setTimeout(saved, STABLE_MS);
  };
  pollFile(file, { interval: POLL_MS, persistent: false }, changed);
}
