// Several processes that share one port (node:cluster). The parent serves no requests: it starts the workers, replaces a
// worker that ends, sends them the configuration one after another, and stops them.

import cluster, { type Worker } from 'node:cluster';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LoadedConfig } from '../../config/load-config.ts';
import type { Config } from '../../config/schema.ts';
import { removeFoldersOf } from '../http/upload-folders.ts';
import type { Audience } from '../pages/generation-change.ts';
import type { SitePlan } from '../pages/plan-site.ts';
import type { Announcement } from './announcement.ts';
import { type ConnectionHandover, watchHandover } from './connection-handover.ts';
import { chosenPort } from './listen.ts';
import type { Say } from './messages.ts';
import { type Load, reloader } from './reload.ts';
import { untilNoConnectionWaits } from './stop-server.ts';
import {
  configureWorker,
  isReport,
  type ListeningReport,
  reportAfter,
  sendOrder,
  type WorkerStart,
} from './worker-messages.ts';
import { WorkersAudience } from './workers-audience.ts';

/** The options of the parent. */
export interface WorkersOptions {
  readonly count: number;
  readonly loaded: LoadedConfig;
  readonly load: Load;
  /** Called whenever another configuration is in force. */
  readonly applied: (config: Config) => void;
  readonly say: Say;
  /** Plans the generations of the site for the workers. Undefined: each worker looks at the disk itself. */
  readonly plan: (loaded: LoadedConfig, audience: Audience) => Promise<SitePlan> | undefined;
}

/** The workers as one. */
export interface Workers {
  readonly announcement: Announcement;
  reload(): Promise<void>;
  /** Resolves when all workers have ended. */
  stop(): Promise<void>;
  /** Kills the workers. Resolves when they have ended. */
  kill(): Promise<unknown>;
}

/** The workers are killed if they have not ended this long after the order to stop; running requests get 10 s. */
const STOP_MS = 12_000;
/** A worker that is busy for longer does not hold up the reload of the others. */
const CONFIGURE_MS = 10_000;
/** A worker that is busy for longer does not hold up the stop of the others. */
const HOLD_MS = 2000;
/** If a signal went to the parent as well, the parent has heard of it by then. */
const SAME_SIGNAL_MS = 200;

/** Starts the workers; resolves when all of them listen. The first one starts alone, so that an error is reported once. */
export async function superviseWorkers(options: WorkersOptions): Promise<Workers> {
  const pool = new WorkerPool(options);
  const announcement = await pool.begin(options.count);
  const apply = async (next: LoadedConfig) => {
    const done = await pool.configure(next);
    if (done) options.applied(next.config);
    return done;
  };
  const { load, say, loaded } = options;
  const { port } = loaded.config;
  // The configured port, because it is compared with that of the file: 0 stays 0.
  const current = () => ({ ...pool.loaded.config, port });
  const reload = reloader({ current, load, say, apply });
  return { announcement, reload, stop: () => pool.stop(), kill: () => pool.kill() };
}

class WorkerPool {
  /** The configuration in force, which a new worker starts with; the file may have changed since. */
  loaded: LoadedConfig;
  readonly #say: Say;
  /** The workers that listen. */
  readonly #serving = new Map<Worker, ConnectionHandover>();
  /** Set once all workers have listened: from then on a worker that ends is replaced. */
  #complete = false;
  #stopping = false;
  /** The workers that were ordered to stop; node:cluster removes them from its list at that time. */
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

  /**
   * Configures one worker after another. If the first one refuses (and has logged why), all keep their configuration.
   * @returns whether the new configuration is in force
   */
  async configure(loaded: LoadedConfig): Promise<boolean> {
    const next = { ...loaded, config: { ...loaded.config, port: this.loaded.config.port } };
    const plan = await this.#planFor(next, this.#audience);
    const order = { order: 'configure', loaded: next, sources: plan?.sources() } as const;
    for (const worker of [...this.#serving.keys()]) {
      const outcome = await configureWorker(worker, order, CONFIGURE_MS);
      if (outcome === 'refused' && this.loaded !== next) {
        await plan?.close();
        return false;
      }
      // Another worker has accepted the configuration, so the successor of this one can.
      if (outcome === 'refused') sendOrder(worker, { order: 'stop' });
      if (outcome === 'done') this.loaded = next;
      if (outcome === 'busy')
        this.#say('warn', `worker ${worker.process.pid} is busy and will be reloaded later`);
    }
    this.loaded = next;
    await this.#plan?.close();
    this.#plan = plan;
    return true;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const serving = await this.#hold();
    await this.#untilHandedOver(serving);
    const stopping = currentWorkers();
    this.#stopped = stopping;
    const ended = stopping.map(endOf);
    const last = serving.pop();
    for (const worker of stopping) {
      if (serving.includes(worker)) stopWorker(worker);
      else if (worker !== last) abandonWorker(worker);
    }
    // node:cluster closes the port when no worker has it any more. Until then the last one takes all connections.
    if (last !== undefined) {
      await this.#untilHandedOver([last]);
      stopWorker(last);
    }
    void this.#plan?.close();
    const cut = setTimeout(() => void this.kill(), STOP_MS);
    await Promise.all(ended);
    clearTimeout(cut);
  }

  /** Lets requests wait in all workers. Resolves with the workers, busy ones first, when all of them do or are busy for too long. */
  async #hold(): Promise<Worker[]> {
    const busy: Worker[] = [];
    const holding: Worker[] = [];
    const hold = async (worker: Worker) => {
      const report = await reportAfter(worker, { order: 'hold' }, 'holding', HOLD_MS);
      (report === 'busy' ? busy : holding).push(worker);
    };
    await Promise.all([...this.#serving.keys()].map(hold));
    return [...busy, ...holding].filter((worker) => this.#serving.has(worker));
  }

  /**
   * Resolves when these workers, which have the port, have all connections that the system accepted for it. node:cluster queues
   * connections in the parent while no worker is free, and resets them when the port is closed.
   */
  async #untilHandedOver(workers: readonly Worker[]): Promise<void> {
    const handovers = workers
      .map((worker) => this.#serving.get(worker))
      .filter((found) => found !== undefined);
    const sentNow = () => handovers.reduce((sum, { sent }) => sum + sent, 0);
    let sentBefore = sentNow();
    await untilNoConnectionWaits(() => {
      const sent = sentNow();
      const isFree = handovers.length === 0 || handovers.some(({ isPending }) => !isPending);
      const hasAccepted = sent !== sentBefore || !isFree;
      sentBefore = sent;
      return hasAccepted;
    });
  }

  /** Kills all workers, also workers that are being stopped. */
  kill(): Promise<unknown> {
    const all = [...new Set([...currentWorkers(), ...this.#stopped])];
    const ended = all.map(endOf);
    for (const worker of all) worker.process.kill('SIGKILL');
    return Promise.all(ended);
  }

  /** Starts one worker; resolves when it listens. If a worker of the start ends before, it has logged why, and the parent exits. */
  async #start(): Promise<Announcement> {
    cluster.setupPrimary({ cwd: workingFolder() });
    const worker = cluster.fork();
    const born = Date.now();
    const handover = watchHandover(worker);
    worker.once('exit', (code: number | null, signal: string | null) => {
      this.#serving.delete(worker);
      if (this.#stopping) return;
      if (!this.#complete) process.exit(code ?? 1);
      this.#startAgain(worker, signal ?? `code ${code}`, Date.now() - born);
    });
    let given: WorkerStart = { loaded: this.loaded, sources: undefined };
    return new Promise((resolve) => {
      worker.on('message', (message: unknown) => {
        if (!isReport(message)) return;
        if (message.report === 'born') given = this.#sendStart(worker);
        if (message.report === 'signalled') this.#signalled(worker);
        if (message.report !== 'listening') return;
        this.#serving.set(worker, handover);
        this.#listens(worker, message, given);
        resolve(message.announcement);
      });
    });
  }

  #sendStart(worker: Worker): WorkerStart {
    const start = { loaded: this.loaded, sources: this.#plan?.sources() };
    sendOrder(worker, { order: 'start', ...start });
    return start;
  }

  /** The configuration or the generation may have changed while the worker started. */
  #listens(worker: Worker, { upload_prefix }: ListeningReport, given: WorkerStart): void {
    worker.prependOnceListener('exit', () => removeFoldersOf(upload_prefix));
    const now: WorkerStart = { loaded: this.loaded, sources: this.#plan?.sources() };
    if (given.loaded !== now.loaded || given.sources !== now.sources)
      sendOrder(worker, { order: 'configure', ...now });
  }

  /** If the signal went to the parent as well, `stop()` orders the worker to stop once all connections are handed over. */
  #signalled(worker: Worker): void {
    setTimeout(() => {
      if (!this.#stopping) sendOrder(worker, { order: 'stop' });
    }, SAME_SIGNAL_MS);
  }

  #startAgain(worker: Worker, end: string, lived_ms: number): void {
    this.#quickDeaths = lived_ms < STEADY_MS ? this.#quickDeaths + 1 : 0;
    const wait = waitBeforeRestart(this.#quickDeaths, this.#serving.size > 0);
    this.#say('error', `worker ${worker.process.pid} ended with ${end}; another one starts in ${wait} ms`);
    setTimeout(() => {
      if (!this.#stopping) void this.#start();
    }, wait);
  }
}

/** A worker that ends sooner than this after its start died quickly: the wait before the next start is longer. */
const STEADY_MS = 10_000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 30_000;
/** The longest wait while no other worker serves: a site that does not answer costs more than a vain start. */
const LONGEST_WAIT_ALONE_MS = 1000;

/** The time in milliseconds before a worker is replaced, by the number of quick deaths in a row. */
export function waitBeforeRestart(quickDeaths: number, othersServe: boolean): number {
  return Math.min(othersServe ? LONGEST_WAIT_MS : LONGEST_WAIT_ALONE_MS, FIRST_WAIT_MS * 2 ** quickDeaths);
}

/**
 * Takes the port from a worker and orders it to stop, in this sequence, so that the port is closed right after the last check of
 * its queue. If the worker closes the channel before the order arrives, it stops because of that.
 */
function stopWorker(worker: Worker): void {
  if (worker.isConnected()) worker.disconnect();
  sendOrder(worker, { order: 'stop' });
}

/** Ends a worker that does not listen yet. */
function abandonWorker(worker: Worker): void {
  worker.process.kill('SIGTERM');
  if (worker.isConnected()) worker.disconnect();
}

/** Resolves when a worker has ended. Unlike events.once(), it does not reject at an 'error' event. */
async function endOf(worker: Worker): Promise<void> {
  if (!worker.isDead()) await new Promise((resolve) => worker.once('exit', resolve));
}

function currentWorkers(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
}

/**
 * The current folder, or the nearest one above it that exists: a process cannot be started in a folder that was removed, as an old
 * release may be.
 */
function workingFolder(): string {
  let folder = process.cwd();
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}
