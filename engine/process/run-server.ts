// `karrigell serve`: one process, or several that share the port. The parts that belong to the process itself are wired here.

import cluster from 'node:cluster';
import { availableParallelism } from 'node:os';
import type { LoadedConfig } from '../../config/load-config.ts';
import type { Config } from '../../config/schema.ts';
import type { SnapshotData } from '../pages/generation-change.ts';
import { planSite } from '../pages/plan-site.ts';
import { pagesOptions } from '../private-files.ts';
import { type Announcement, announcementText } from './announcement.ts';
import { wantsColours } from './colours.ts';
import { messages, type Say } from './messages.ts';
import { openBrowser } from './open-browser.ts';
import { type Load, NOT_RELOADED, reloader, watchFile } from './reload.ts';
import type { ServingProcess } from './serving-process.ts';
import { onSignals } from './signals.ts';
import { ignoreClosedOutput, logStrayErrors } from './stray-errors.ts';
import { startWatchdog } from './watchdog.ts';
import { onOrders, receivedStart } from './worker.ts';
import { sendReport } from './worker-messages.ts';
import type { WorkersOptions } from './workers.ts';

/** The decisions of the command line. */
export interface RunOptions {
  readonly load: Load;
  /** Whether to show the site in a browser once it listens. */
  readonly open: boolean;
}

/** Serves until a signal comes. Resolves when the server listens. Throws a Problem if it cannot start. */
export async function runServer(options: RunOptions): Promise<void> {
  ignoreClosedOutput();
  const { loaded, sources } = cluster.isWorker
    ? await receivedStart()
    : { loaded: options.load(), sources: undefined };
  const settings = { current: loaded.config };
  const say = messages({
    write: (text) => process.stderr.write(text),
    now: Date.now,
    colours: wantsColours(process.stderr, process.env),
    settings: () => settings.current,
  });
  const startUp: StartUp = {
    options,
    loaded,
    sources,
    say,
    applied: (config) => (settings.current = config),
  };
  if (cluster.isWorker) return runWorker(startUp);
  const count = workerCount(loaded.config);
  return count > 1 ? runParent(startUp, count) : runAlone(startUp);
}

/** Everything that a process starts with. */
interface StartUp {
  readonly options: RunOptions;
  readonly loaded: LoadedConfig;
  /** The first generation that a worker serves, if its parent plans the generations. */
  readonly sources: SnapshotData | undefined;
  readonly say: Say;
  /** Called whenever another configuration is in force. */
  readonly applied: (config: Config) => void;
}

/** The number of processes that serve. */
export function workerCount({ workers }: Pick<Config, 'workers'>): number {
  return workers === 'auto' ? availableParallelism() : workers;
}

async function runAlone(startUp: StartUp): Promise<void> {
  const serving = await startedServing(startUp);
  const { say, options } = startUp;
  const apply = async (next: LoadedConfig) => {
    await serving.configure(next);
    return true;
  };
  const refused = serving.configurationRefused;
  const reload = reloader({ current: serving.current, load: options.load, say, apply, refused });
  onSignals({ stop: serving.stop, reload });
  watchConfiguration(startUp, reload);
  announce(startUp, serving.announcement);
}

/** The parent logs the outcome of a reload; a worker logs only why it refused one. */
async function runWorker(startUp: StartUp): Promise<void> {
  const serving = await startedServing(startUp);
  const applyToWatchdog = await startWatchdog(serving.current(), wantsColours(process.stderr, process.env));
  const configure = async (next: LoadedConfig, sources: SnapshotData | undefined) => {
    try {
      await serving.configure(next, sources);
      applyToWatchdog(next.config);
      return true;
    } catch (error) {
      startUp.say('error', NOT_RELOADED, error);
      serving.configurationRefused(error);
      return false;
    }
  };
  const { hold, audience, announcement, upload_prefix } = serving;
  onOrders({ stop: stopWhenOrdered(serving), hold, configure, audience });
  sendReport({ report: 'listening', announcement, upload_prefix });
}

/**
 * A worker that is signalled stops only at an order: its parent may have got the same signal, and closes the port when the workers
 * have all connections that it accepted.
 * @returns the action for the order to stop
 */
function stopWhenOrdered(serving: ServingProcess): () => void {
  let order: () => void = () => undefined;
  const ordered = new Promise<void>((resolve) => {
    order = resolve;
  });
  const stop = async () => {
    sendReport({ report: 'signalled' });
    await ordered;
    await serving.stop();
  };
  onSignals({ stop, reload: () => undefined, again: () => undefined });
  const stopNow = () => {
    order();
    process.kill(process.pid, 'SIGTERM');
  };
  process.once('disconnect', stopNow);
  return stopNow;
}

async function runParent(startUp: StartUp, count: number): Promise<void> {
  const { superviseWorkers } = await import('./workers.ts');
  const { loaded, options, say, applied } = startUp;
  const plan = planFor(loaded, say);
  const workers = await superviseWorkers({ count, loaded, load: options.load, say, applied, plan });
  const again = (exit: () => void) => void workers.kill().then(exit);
  onSignals({ stop: workers.stop, reload: workers.reload, again });
  watchConfiguration(startUp, workers.reload);
  announce(startUp, workers.announcement);
}

/** The parent plans no generations under `debug`, where each worker looks at the disk at every request, and without `watch`. */
function planFor({ base_dir }: LoadedConfig, say: Say): WorkersOptions['plan'] {
  return (loaded, audience) => {
    const { debug, watch } = loaded.config;
    return debug || !watch ? undefined : planSite(pagesOptions(loaded, { base_dir, log: say }), audience);
  };
}

async function startedServing({ loaded, sources, say, applied }: StartUp): Promise<ServingProcess> {
  const { startServing } = await import('./serving-process.ts');
  const serving = await startServing({
    loaded,
    sources,
    applied,
    say,
    write_log: (line) => process.stdout.write(`${line}\n`),
    colours: wantsColours(process.stdout, process.env),
  });
  logStrayErrors(serving.logStray);
  return serving;
}

function announce({ options, loaded, say }: StartUp, announcement: Announcement): void {
  process.stdout.write(announcementText(announcement, loaded.file, process.cwd()));
  if (options.open) openBrowser(announcement.url, say);
}

function watchConfiguration({ loaded }: StartUp, reload: () => Promise<void>): void {
  if (loaded.file !== undefined && loaded.config.watch) watchFile(loaded.file, () => void reload());
}
