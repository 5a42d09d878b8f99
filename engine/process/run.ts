// `karrigell serve`: one process, or several that share the port. Everything that is the process's own is wired here.

import cluster from 'node:cluster';
import { availableParallelism } from 'node:os';
import type { LoadedConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import { type Announcement, announcement } from './announce.ts';
import { wantsColours } from './colours.ts';
import { guardProcess, ignoreClosedOutput } from './guard.ts';
import { messages, type Say } from './messages.ts';
import { openBrowser } from './open-browser.ts';
import { type Load, NOT_RELOADED, reloader, watchFile } from './reload.ts';
import type { Serving } from './serve.ts';
import { onSignals } from './signals.ts';
import { startWatchdog } from './watchdog.ts';
import { givenConfiguration, onOrders, report } from './worker.ts';

/** What the command line decides. */
export interface RunOptions {
  readonly load: Load;
  /** Whether to show the site in a browser once it listens. */
  readonly open: boolean;
}

/** Serves until a signal comes. Resolves when it listens; throws a Problem when it cannot start. */
export async function run(options: RunOptions): Promise<void> {
  ignoreClosedOutput();
  const loaded = cluster.isWorker ? await givenConfiguration() : options.load();
  const settings = { current: loaded.config };
  const say = messages({
    write: (text) => process.stderr.write(text),
    now: Date.now,
    colours: wantsColours(process.stderr, process.env),
    settings: () => settings.current,
  });
  const running: Running = { options, loaded, say, applied: (config) => (settings.current = config) };
  if (cluster.isWorker) return runWorker(running);
  const count = workerCount(loaded.config);
  return count > 1 ? runPrimary(running, count) : runAlone(running);
}

interface Running {
  readonly options: RunOptions;
  readonly loaded: LoadedConfig;
  readonly say: Say;
  readonly applied: (config: Config) => void;
}

/** How many processes serve. */
export function workerCount({ workers }: Pick<Config, 'workers'>): number {
  return workers === 'auto' ? availableParallelism() : workers;
}

async function runAlone(running: Running): Promise<void> {
  const serving = await started(running);
  const { say, options } = running;
  const apply = async (next: LoadedConfig) => {
    await serving.configure(next);
    return true;
  };
  const reload = reloader({ current: serving.current, load: options.load, say, apply });
  onSignals({ stop: serving.stop, reload });
  await watchConfiguration(running, reload);
  announced(running, serving.announcement);
}

/** The parent says how a reload went; a worker says only why it refused one. */
async function runWorker(running: Running): Promise<void> {
  const serving = await started(running);
  const guard = await startWatchdog(serving.current(), wantsColours(process.stderr, process.env));
  const configure = async (next: LoadedConfig) => {
    try {
      await serving.configure(next);
      guard(next.config);
      return true;
    } catch (error) {
      running.say('error', NOT_RELOADED, error);
      return false;
    }
  };
  onSignals({ stop: serving.stop, reload: () => undefined, again: () => undefined });
  onOrders({ stop: () => process.kill(process.pid, 'SIGTERM'), hold: serving.hold, configure });
  report({ report: 'listening', announcement: serving.announcement });
}

async function runPrimary(running: Running, count: number): Promise<void> {
  const { superviseWorkers } = await import('./workers.ts');
  const { loaded, options, say, applied } = running;
  const workers = await superviseWorkers({ count, loaded, load: options.load, say, applied });
  const again = (exit: () => void) => {
    workers.kill();
    exit();
  };
  onSignals({ stop: workers.stop, reload: workers.reload, again });
  await watchConfiguration(running, workers.reload);
  announced(running, workers.announcement);
}

async function started({ loaded, say, applied }: Running): Promise<Serving> {
  const { serve } = await import('./serve.ts');
  const serving = await serve({
    loaded,
    applied,
    say,
    write_log: (line) => process.stdout.write(`${line}\n`),
    colours: wantsColours(process.stdout, process.env),
  });
  guardProcess(say);
  return serving;
}

function announced({ options, say }: Running, what: Announcement): void {
  process.stdout.write(announcement(what));
  if (options.open) openBrowser(what.url, say);
}

async function watchConfiguration({ loaded, say }: Running, reload: () => Promise<void>): Promise<void> {
  if (loaded.file === undefined || !loaded.config.watch) return;
  try {
    await watchFile(loaded.file, () => void reload());
  } catch (error) {
    say('warn', 'the configuration file is not watched; SIGHUP reloads it', error);
  }
}
