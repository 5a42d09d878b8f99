// Several processes that share one port (node:cluster). The parent serves nothing: it starts workers, starts a
// crashed one again, passes orders on and ends when they have ended.

import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { LoadedConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import type { Announcement } from './announce.ts';
import type { Say } from './messages.ts';
import { reloader } from './reload.ts';
import { isReport, type Order } from './worker.ts';

/** What the parent needs. */
export interface WorkersOptions {
  readonly count: number;
  readonly config: Config;
  readonly load: () => LoadedConfig;
  readonly applied: (config: Config) => void;
  readonly say: Say;
}

/** The workers as one. */
export interface Workers {
  readonly announcement: Announcement;
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/** A worker that ends sooner than this after its start was not worth starting: wait longer before the next. */
const STEADY_MS = 10_000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 30_000;
/** Longer than the time a worker gives its running requests. */
const STOP_MS = 12_000;

/** How long to wait before a worker is started again after so many quick deaths in a row. */
export function waitBeforeRestart(quickDeaths: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** quickDeaths);
}

/** Starts the workers; resolves when all listen. The first goes ahead, so that what is wrong is said once. */
export async function superviseWorkers(options: WorkersOptions): Promise<Workers> {
  const crew = new Crew(options);
  const first = await crew.start();
  await Promise.all(Array.from({ length: options.count - 1 }, () => crew.start()));
  crew.complete = true;
  let current = options.config;
  return {
    announcement: first,
    stop: () => crew.stop(),
    reload: reloader({
      current: () => current,
      load: options.load,
      say: options.say,
      apply: (config) => {
        current = config;
        options.applied(config);
        crew.order('reload');
      },
    }),
  };
}

class Crew {
  readonly #say: Say;
  /** Set once all have listened: from then on a worker that ends is replaced. */
  complete = false;
  #stopping = false;
  #quickDeaths = 0;

  constructor({ say }: WorkersOptions) {
    this.#say = say;
  }

  /** Starts one worker; resolves when it listens. One that ends before has said why, and so ends the parent. */
  async start(): Promise<Announcement> {
    const worker = cluster.fork();
    const born = Date.now();
    return new Promise((resolve) => {
      worker.on('message', (message: unknown) => {
        if (isReport(message)) resolve(message.listening);
      });
      worker.once('exit', (code: number | null, signal: string | null) => {
        if (this.#stopping) return;
        if (!this.complete) process.exit(code ?? 1);
        this.#startAgain(worker, signal ?? `code ${code}`, Date.now() - born);
      });
    });
  }

  order(order: Order): void {
    for (const worker of workers()) if (worker.isConnected()) worker.send(order);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const ended = workers().map((worker) => (worker.isDead() ? undefined : once(worker, 'exit')));
    this.order('stop');
    const cut = setTimeout(killAll, STOP_MS);
    await Promise.all(ended);
    clearTimeout(cut);
  }

  #startAgain(worker: Worker, end: string, lived: number): void {
    this.#quickDeaths = lived < STEADY_MS ? this.#quickDeaths + 1 : 0;
    const wait = waitBeforeRestart(this.#quickDeaths);
    this.#say('error', `worker ${worker.process.pid} ended with ${end}; another one starts in ${wait} ms`);
    setTimeout(() => {
      if (!this.#stopping) void this.start();
    }, wait);
  }
}

function killAll(): void {
  for (const worker of workers()) worker.process.kill('SIGKILL');
}

function workers(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
}
