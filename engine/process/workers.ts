// Several processes that share one port (node:cluster). The parent serves nothing: it starts workers, starts a
// crashed one again, gives them the configuration one after another, and ends when they have ended.

import cluster, { type Worker } from 'node:cluster';
import type { LoadedConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import { removeFoldersOf } from '../http/upload-folders.ts';
import type { Audience } from '../pages/generation-change.ts';
import type { SitePlan } from '../pages/plan-site.ts';
import type { Announcement } from './announce.ts';
import { STEADY_MS, waitBeforeRestart } from './back-off.ts';
import { chosenPort } from './free-port.ts';
import { untilQuiet } from './held-requests.ts';
import { closeInTransit } from './in-transit.ts';
import type { Say } from './messages.ts';
import { type Load, reloader } from './reload.ts';
import { configureWorker, tell } from './tell.ts';
import { isReport, type StartOrder } from './worker.ts';
import { WorkersAudience } from './workers-audience.ts';
import { workingFolder } from './working-folder.ts';

/** What the parent needs. */
export interface WorkersOptions {
  readonly count: number;
  readonly loaded: LoadedConfig;
  readonly load: Load;
  readonly applied: (config: Config) => void;
  readonly say: Say;
  /** Plans the generations of the site for the workers; undefined: each looks at the disk itself. */
  readonly plan: (loaded: LoadedConfig, audience: Audience) => Promise<SitePlan> | undefined;
}

/** The workers as one. */
export interface Workers {
  readonly announcement: Announcement;
  reload(): Promise<void>;
  stop(): Promise<void>;
  /** Ends them at once, whatever they do. Resolves when they have ended. */
  kill(): Promise<unknown>;
}

/** Longer than the time a worker gives its running requests. */
const STOP_MS = 12_000;
/** A worker whose page keeps it busy for longer is not waited for. */
const CONFIGURE_MS = 10_000;

/** Starts the workers; resolves when all listen. The first goes ahead, so that what is wrong is said once. */
export async function superviseWorkers(options: WorkersOptions): Promise<Workers> {
  const crew = new Crew(options);
  const announcement = await crew.begin(options.count);
  const apply = async (next: LoadedConfig) => {
    const done = await crew.configure(next);
    if (done) options.applied(next.config);
    return done;
  };
  const { load, say, loaded } = options;
  const { port } = loaded.config;
  // The comparison with the file: port 0 is still port 0.
  const current = () => ({ ...crew.loaded.config, port });
  const reload = reloader({ current, load, say, apply });
  return { announcement, reload, stop: () => crew.stop(), kill: () => crew.kill() };
}

class Crew {
  /** What a worker that starts is given: the configuration in force, whatever the file says by now. */
  loaded: LoadedConfig;
  readonly #say: Say;
  /** The workers that listen, with whether a connection is on its way to them. */
  readonly #serving = new Map<Worker, () => boolean>();
  /** Set once all have listened: from then on a worker that ends is replaced. */
  #complete = false;
  #stopping = false;
  /** The workers that were told to stop: node:cluster forgets them then. */
  #stopped: readonly Worker[] = [];
  #quickDeaths = 0;
  readonly #planFor: WorkersOptions['plan'];
  readonly #audience = new WorkersAudience(() => this.#serving.keys());
  #plan: SitePlan | undefined;

  constructor({ say, loaded, plan }: WorkersOptions) {
    this.#say = say;
    this.loaded = loaded;
    this.#planFor = plan;
  }

  async begin(count: number): Promise<Announcement> {
    const { config } = this.loaded;
    this.loaded = { ...this.loaded, config: { ...config, port: await chosenPort(config) } };
    this.#plan = await this.#planFor(this.loaded, this.#audience);
    const first = await this.#start();
    await Promise.all(Array.from({ length: count - 1 }, () => this.#start()));
    this.#complete = true;
    return first;
  }

  /** One after another. When the first refuses (and has said why), all keep what they have. */
  async configure(loaded: LoadedConfig): Promise<boolean> {
    const next = { ...loaded, config: { ...loaded.config, port: this.loaded.config.port } };
    const plan = await this.#planFor(next, this.#audience);
    const order = { order: 'configure', loaded: next, sources: plan?.sources() } as const;
    for (const worker of [...this.#serving.keys()]) {
      const what = await configureWorker(worker, order, CONFIGURE_MS);
      if (what === 'refused' && this.loaded !== next) {
        await plan?.close();
        return false;
      }
      // What another one could do and this one could not, its successor can.
      if (what === 'refused') tell(worker, { order: 'stop' });
      if (what === 'done') this.loaded = next;
      if (what === 'busy')
        this.#say('warn', `worker ${worker.process.pid} is busy and will be reloaded later`);
    }
    this.loaded = next;
    await this.#plan?.close();
    this.#plan = plan;
    return true;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    // node:cluster accepts connections here, and keeps those that no worker is free for: the port is closed when all have one.
    for (const worker of this.#serving.keys()) tell(worker, { order: 'hold' });
    await untilQuiet(() => [...this.#serving.values()].some((isOnItsWay) => isOnItsWay()));
    void this.#plan?.close();
    const ended = workers().map(endOf);
    const stopping = workers();
    for (const worker of stopping) {
      if (this.#serving.has(worker)) tell(worker, { order: 'stop' });
      else worker.process.kill('SIGTERM');
    }
    // Closes the port in this process, at once: what it has accepted and handed over until now comes before the order. If the
    // workers closed it one after another, a connection could still be accepted when none is left to have it.
    for (const worker of stopping) if (worker.isConnected()) worker.disconnect();
    this.#stopped = stopping;
    const cut = setTimeout(() => void this.kill(), STOP_MS);
    await Promise.all(ended);
    clearTimeout(cut);
  }

  /** Ends all that there are, whatever they do. */
  kill(): Promise<unknown> {
    const all = [...new Set([...workers(), ...this.#stopped])];
    const ended = all.map(endOf);
    for (const worker of all) worker.process.kill('SIGKILL');
    return Promise.all(ended);
  }

  /** Starts one worker; resolves when it listens. One that ends before has said why, and so ends the parent. */
  async #start(): Promise<Announcement> {
    cluster.setupPrimary({ cwd: workingFolder() });
    const worker = cluster.fork();
    const born = Date.now();
    const isOnItsWay = closeInTransit(worker);
    let given: StartOrder = { loaded: this.loaded, sources: undefined };
    return new Promise((resolve) => {
      worker.on('message', (message: unknown) => {
        if (!isReport(message)) return;
        if (message.report === 'born') {
          given = { loaded: this.loaded, sources: this.#plan?.sources() };
          tell(worker, { order: 'start', ...given });
        }
        if (message.report === 'listening') {
          this.#serving.set(worker, isOnItsWay);
          worker.prependOnceListener('exit', () => removeFoldersOf(message.upload_prefix));
          const now: StartOrder = { loaded: this.loaded, sources: this.#plan?.sources() };
          if (given.loaded !== now.loaded || given.sources !== now.sources)
            tell(worker, { order: 'configure', ...now });
          resolve(message.announcement);
        }
      });
      worker.once('exit', (code: number | null, signal: string | null) => {
        this.#serving.delete(worker);
        if (this.#stopping) return;
        if (!this.#complete) process.exit(code ?? 1);
        this.#startAgain(worker, signal ?? `code ${code}`, Date.now() - born);
      });
    });
  }

  #startAgain(worker: Worker, end: string, lived: number): void {
    this.#quickDeaths = lived < STEADY_MS ? this.#quickDeaths + 1 : 0;
    const wait = waitBeforeRestart(this.#quickDeaths, this.#serving.size > 0);
    this.#say('error', `worker ${worker.process.pid} ended with ${end}; another one starts in ${wait} ms`);
    setTimeout(() => {
      if (!this.#stopping) void this.#start();
    }, wait);
  }
}

/** Unlike events.once(), it outlives an error of sending. */
async function endOf(worker: Worker): Promise<void> {
  if (!worker.isDead()) await new Promise((resolve) => worker.once('exit', resolve));
}

function workers(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
}
