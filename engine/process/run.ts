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
import { watchFile } from './reload.ts';
import { onSignals } from './signals.ts';

/** What the command line decides. */
export interface RunOptions {
  readonly load: () => LoadedConfig;
  /** Whether to show the site in a browser once it listens. */
  readonly open: boolean;
}

/** Serves until a signal comes. Resolves when it listens; throws a Problem when it cannot start. */
export async function run(options: RunOptions): Promise<void> {
  ignoreClosedOutput();
  const loaded = options.load();
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
  const serving = await started(running, running.say);
  onSignals({ stop: serving.stop, reload: serving.reload, patient: false });
  await watchConfiguration(running, serving.reload);
  announced(running, serving.announcement);
}

/** A worker says nothing about a reload: its parent has said it once for all. */
async function runWorker(running: Running): Promise<void> {
  const { reportListening, onOrders } = await import('./worker.ts');
  const serving = await started(running, (level, message, cause) => {
    if (level === 'error') running.say(level, message, cause);
  });
  onSignals({ stop: serving.stop, reload: () => undefined, patient: true });
  onOrders({ stop: () => process.kill(process.pid, 'SIGTERM'), reload: serving.reload });
  reportListening(serving.announcement);
}

async function runPrimary(running: Running, count: number): Promise<void> {
  const { superviseWorkers } = await import('./workers.ts');
  const { loaded, options, say, applied } = running;
  const workers = await superviseWorkers({ count, config: loaded.config, load: options.load, say, applied });
  onSignals({ stop: workers.stop, reload: workers.reload, patient: false });
  await watchConfiguration(running, workers.reload);
  announced(running, workers.announcement);
}

async function started(running: Running, sayOfReload: Say) {
  const { serve } = await import('./serve.ts');
  const { loaded, options, say, applied } = running;
  const serving = await serve({
    loaded,
    load: options.load,
    applied,
    say,
    say_of_reload: sayOfReload,
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
