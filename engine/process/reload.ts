// Reads the configuration again, at SIGHUP or when its file was saved. A broken one keeps the old settings.

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

/** Calls back when a file was saved, however the editor does that. Gives the way to stop. */
export async function watchFile(file: string, saved: () => void): Promise<() => Promise<void>> {
  const { watch } = await import('chokidar');
  const watcher = watch(file, {
    ignoreInitial: true,
    // A file that is still being written would be reported as broken.
    awaitWriteFinish: { stabilityThreshold: 60, pollInterval: 20 },
  });
  watcher.on('add', saved).on('change', saved);
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
  return () => watcher.close();
}
