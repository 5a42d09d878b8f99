// `karrigell serve`: one process, or several that share the port. Everything that is the process's own is wired here.

import cluster from 'node:cluster';
import { availableParallelism } from 'node:os';
import type { LoadedConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import type { SnapshotData } from '../pages/generation-change.ts';
import { planSite } from '../pages/plan-site.ts';
import { pagesOptions } from '../private-files.ts';
import { type Announcement, announcement } from './announce.ts';
import { wantsColours } from './colours.ts';
import { guardProcess, ignoreClosedOutput } from './guard.ts';
import { messages, type Say } from './messages.ts';
import { openBrowser } from './open-browser.ts';
import { type Load, NOT_RELOADED, reloader, watchFile } from './reload.ts';
import type { Serving } from './serve.ts';
import { onSignals } from './signals.ts';
import { startWatchdog } from './watchdog.ts';
import { givenStart, onOrders, report } from './worker.ts';
import type { WorkersOptions } from './workers.ts';

/** What the command line decides. */
export interface RunOptions {
  readonly load: Load;
  /** Whether to show the site in a browser once it listens. */
  readonly open: boolean;
}

/** Serves until a signal comes. Resolves when it listens; throws a Problem when it cannot start. */
export async function run(options: RunOptions): Promise<void> {
  ignoreClosedOutput();
  const { loaded, sources } = cluster.isWorker
    ? await givenStart()
    : { loaded: options.load(), sources: undefined };
  const settings = { current: loaded.config };
  const say = messages({
    write: (text) => process.stderr.write(text),
    now: Date.now,
    colours: wantsColours(process.stderr, process.env),
    settings: () => settings.current,
  });
  const running: Running = {
    options,
    loaded,
    sources,
    say,
    applied: (config) => (settings.current = config),
  };
  if (cluster.isWorker) return runWorker(running);
  const count = workerCount(loaded.config);
  return count > 1 ? runPrimary(running, count) : runAlone(running);
}

interface Running {
  readonly options: RunOptions;
  readonly loaded: LoadedConfig;
  /** What a worker serves first, where its parent plans the generations. */
  readonly sources: SnapshotData | undefined;
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
  watchConfiguration(running, reload);
  announced(running, serving.announcement);
}

/** The parent says how a reload went; a worker says only why it refused one. */
async function runWorker(running: Running): Promise<void> {
  const serving = await started(running);
  const guard = await startWatchdog(serving.current(), wantsColours(process.stderr, process.env));
  const configure = async (next: LoadedConfig, sources: SnapshotData | undefined) => {
    try {
      await serving.configure(next, sources);
      guard(next.config);
      return true;
    } catch (error) {
      running.say('error', NOT_RELOADED, error);
      return false;
    }
  };
  onSignals({ stop: serving.stop, reload: () => undefined, again: () => undefined });
  const stop = () => process.kill(process.pid, 'SIGTERM');
  onOrders({ stop, hold: serving.hold, configure, audience: serving.audience });
  const { announcement, upload_prefix } = serving;
  report({ report: 'listening', announcement, upload_prefix });
}

async function runPrimary(running: Running, count: number): Promise<void> {
  const { superviseWorkers } = await import('./workers.ts');
  const { loaded, options, say, applied } = running;
  const plan = planFor(loaded, say);
  const workers = await superviseWorkers({ count, loaded, load: options.load, say, applied, plan });
  const again = (exit: () => void) => void workers.kill().then(exit);
  onSignals({ stop: workers.stop, reload: workers.reload, again });
  watchConfiguration(running, workers.reload);
  announced(running, workers.announcement);
}

/** Under debug each worker looks at the disk at every request; without watch, no process does. */
function planFor({ base_dir }: LoadedConfig, say: Say): WorkersOptions['plan'] {
  return (loaded, audience) => {
    const { debug, watch } = loaded.config;
    return debug || !watch ? undefined : planSite(pagesOptions(loaded, { base_dir, log: say }), audience);
  };
}

async function started({ loaded, sources, say, applied }: Running): Promise<Serving> {
  const { serve } = await import('./serve.ts');
  const serving = await serve({
    loaded,
    sources,
    applied,
    say,
    write_log: (line) => process.stdout.write(`${line}\n`),
    colours: wantsColours(process.stdout, process.env),
  });
  guardProcess(say);
  return serving;
}

function announced({ options, loaded, say }: Running, what: Announcement): void {
  process.stdout.write(announcement(what, loaded.file, process.cwd()));
  if (options.open) openBrowser(what.url, say);
}

function watchConfiguration({ loaded }: Running, reload: () => Promise<void>): void {
  if (loaded.file !== undefined && loaded.config.watch) watchFile(loaded.file, () => void reload());
}
