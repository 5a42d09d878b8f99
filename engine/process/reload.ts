// Reads the configuration again, at SIGHUP or when its file was saved. A broken one keeps the old settings.

import { watchFile as pollFile, type Stats } from 'node:fs';
import type { LoadedConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import type { Say } from './messages.ts';

/** Reads the configuration; beside one that runs, its settings that need a restart stay as they are. */
export type Load = (running?: Config) => LoadedConfig;

/** What a reload works on. */
export interface ReloadOptions {
  readonly current: () => Config;
  readonly load: Load;
  /** Puts a configuration into force; may refuse it by throwing, or by giving false when it has said why. */
  readonly apply: (loaded: LoadedConfig) => Promise<boolean>;
  readonly say: Say;
}

/** A function that reloads; calls during a reload are answered by one more after it. */
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

/** What is said when a configuration was refused. */
export const NOT_RELOADED = 'the configuration was not reloaded, the old settings stay';

async function reloadOnce({ current, load, apply, say }: ReloadOptions): Promise<void> {
  try {
    const loaded = load(current());
    if (!(await apply(loaded))) return;
    say('info', 'configuration reloaded');
    const { pending } = loaded;
    if (pending.length > 0) say('warn', `${listed(pending)} will change with the next start, not before`);
  } catch (error) {
    say('error', NOT_RELOADED, error);
  }
}

function listed(keys: readonly string[]): string {
  return keys.length < 2 ? keys.join('') : `${keys.slice(0, -1).join(', ')} and ${keys.at(-1)}`;
}

/** How often the file is looked at, in milliseconds; a look costs about 5 µs. */
const LOOK_MS = 200;
/** A file that is still being written would be reported as broken: it must stay as it is for so long, in milliseconds. */
const STABLE_MS = 60;

/**
 * Calls back when a file was saved, however the editor does that, for as long as the process lives. The file is polled,
 * because it may be or lie behind a symbolic link that is switched (a release, a mounted volume), which a watcher of files
 * does not tell.
 */
export function watchFile(file: string, saved: () => void): void {
  let stable: NodeJS.Timeout | undefined;
  const changed = ({ mtimeMs }: Stats) => {
    clearTimeout(stable);
    // 0: the file is not there; it may come back in a moment.
    if (mtimeMs > 0) stable = setTimeout(saved, STABLE_MS);
  };
  pollFile(file, { interval: LOOK_MS, persistent: false }, changed);
}
