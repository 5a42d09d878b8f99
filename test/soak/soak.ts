// Soaks the real program: sets of files are saved while visitors load it, and each response is judged. Gives the counts.

import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '../crash/client.ts';
import { startServer, type TestServer } from '../server.ts';
import { Judge, type SoakCounts } from './judge.ts';
import { MemorySamples } from './memory.ts';
import { integer, oneOf, type Random, randomOf } from './random.ts';
import { openSaver, type SaveMode, type Saver } from './savers.ts';
import { filesOfSet, hasFleetingPage, isWhole, SOAK_URLS } from './site-set.ts';
import { SoakVisitor } from './soak-visitor.ts';

/** The subject of a soak, its mode and its time. */
export interface SoakOptions {
  readonly mode: SaveMode;
  readonly seconds: number;
  readonly seed: number;
  /** More than 1: one of them is killed now and then. */
  readonly workers?: number;
  readonly visitors?: number;
  /** The pause between two sets, in milliseconds. */
  readonly pause_ms?: number;
}

/** The counts of a soak. */
export interface SoakReport extends SoakCounts {
  readonly sets: number;
  readonly kills: number;
  /** From a save to the first response with it, in milliseconds, sorted. */
  readonly delays: readonly number[];
  readonly memory: MemorySamples;
  /** All that the program has printed. */
  readonly output: string;
}

/** The last set must be live after so long, in milliseconds. */
const LONGEST_STALE_MS = 10_000;
/** A worker is killed about so often, in milliseconds. */
const KILL_EVERY_MS = 6000;
/** A connection to a worker that was killed may break so long afterwards, in milliseconds. */
const BROKEN_AFTER_KILL_MS = 3000;

/** Soaks one site; `faults` is empty when all is well. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'karrigell-soak-')));
  try {
    return await new Soak(options).run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

class Soak {
  readonly #options: SoakOptions;
  readonly #random: Random;
  readonly #judge = new Judge();
  readonly #memory = new MemorySamples();
  readonly #processes = new Map<number, number>();
  #set = 0;
  #kills = 0;
  #killed = Number.NEGATIVE_INFINITY;

  constructor(options: SoakOptions) {
    this.#options = options;
    this.#random = randomOf(options.seed);
  }

  async run(folder: string): Promise<SoakReport> {
    const saver = await openSaver(this.#options.mode, folder, this.#random, filesOfSet(this.#set));
    const server = await this.#serve(folder, saver.root_dir);
    const client = new Client(server.url);
    const visitors = Array.from({ length: this.#options.visitors ?? 4 }, () => this.#visitor(client));
    try {
      const last = this.#visitor(client);
      for (const url of SOAK_URLS) await last.ask(url, 'new');
      await this.#underLoad(visitors, last, () => this.#saveAndKill(server, saver));
      this.#judge.counts.faults.push(...this.#memoryFaults());
      await server.stop();
      const { delays, counts } = this.#judge;
      const output = server.output();
      return { ...counts, sets: this.#set, kills: this.#kills, delays, memory: this.#memory, output };
    } finally {
      client.close();
      await server.kill();
    }
  }

  async #serve(folder: string, site: string): Promise<TestServer> {
    const { workers = 1 } = this.#options;
    const config = join(folder, 'karrigell.config.json');
    await writeFile(config, JSON.stringify({ log: false, persistent_session: workers > 1 }));
    const args = ['--config', config, '--workers', String(workers)];
    return startServer({ site, args, env: { NODE_ENV: 'production' } });
  }

  #visitor(client: Client): SoakVisitor {
    return new SoakVisitor({
      client,
      judge: this.#judge,
      random: randomOf(Math.floor(this.#random() * 2 ** 32)),
      mayBreak: (began) => began < this.#killed + BROKEN_AFTER_KILL_MS,
      onProcess: (pid) => this.#processes.set(pid, performance.now()),
    });
  }

  async #underLoad(
    visitors: readonly SoakVisitor[],
    last: SoakVisitor,
    during: () => Promise<void>,
  ): Promise<void> {
    const stop = new AbortController();
    const working = visitors.map((visitor) => visitor.work(stop.signal));
    try {
      await during();
      await this.#assertFresh(last);
    } finally {
      stop.abort();
      await Promise.all(working);
    }
  }

  async #saveAndKill(server: TestServer, saver: Saver): Promise<void> {
    const { seconds, pause_ms = 700 } = this.#options;
    const end = performance.now() + seconds * 1000;
    const sampling = setInterval(() => this.#memory.take(server.pid), 250);
    try {
      while (performance.now() < end || !isWhole(this.#set)) {
        this.#set++;
        await saver.save(filesOfSet(this.#set));
        this.#judge.saved(this.#set);
        this.#killOne();
        await pause(this.#pauseOf(pause_ms));
      }
    } finally {
      clearInterval(sampling);
    }
  }

  /** Half of the sets begin about when the server reads the set before. */
  #pauseOf(pause_ms: number): number {
    return oneOf(this.#random, [true, false])
      ? integer(this.#random, 280, 420)
      : integer(this.#random, 0, 2 * pause_ms);
  }

  /** Kills one of the workers that answered a moment ago. */
  #killOne(): void {
    const now = performance.now();
    if ((this.#options.workers ?? 1) < 2 || now < this.#killed + KILL_EVERY_MS) return;
    const [first, ...others] = [...this.#processes].filter(([, seen]) => now - seen < 500);
    if (first === undefined || others.length === 0) return;
    const [victim] = oneOf(this.#random, [first, ...others]);
    this.#killed = now;
    this.#kills++;
    this.#processes.delete(victim);
    process.kill(victim, 'SIGKILL');
  }

  /** Soon after the last save each URL gives the last set, and nothing else from then on. */
  async #assertFresh(visitor: SoakVisitor): Promise<void> {
    const end = performance.now() + LONGEST_STALE_MS;
    for (const url of SOAK_URLS) {
      const wanted = url.fleeting === true && !hasFleetingPage(this.#set) ? undefined : this.#set;
      const answers = [];
      for (let fresh = 0; fresh < 10 * (this.#options.workers ?? 1); ) {
        const found = await visitor.ask(url, 'new');
        fresh = found === wanted ? fresh + 1 : 0;
        if (found !== wanted) answers.push(found);
        if (performance.now() > end) break;
        await pause(5);
      }
      if (performance.now() > end)
        this.#judge.fault(`${url.path} is stale: ${answers.at(-1)} instead of ${wanted}`);
    }
  }

  #memoryFaults(): string[] {
    const { medians, isFlat } = this.#memory;
    return isFlat || this.#options.seconds < 60 ? [] : [`memory grows: ${JSON.stringify(medians)} bytes`];
  }
}
