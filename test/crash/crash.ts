// Kills the real program (kill -9) at random moments under load, starts it again, and checks after each start that all
// acknowledged writes are stored, that all entries can be read, and that no request waits for a lock of a dead process.

import { setTimeout as pause } from 'node:timers/promises';
import { startServer, type TestServer } from '../server.ts';
import { Client } from './client.ts';
import { writeCrashSite } from './site.ts';
import { leftOvers, listStore } from './store-view.ts';
import type { TestedStore } from './stores.ts';
import { newTally, type Tally } from './tally.ts';
import { Visitor } from './visitor.ts';

/** How often and in which company a server is killed. */
export interface CrashOptions {
  readonly kills: number;
  /** More than 1: sometimes a worker is killed, sometimes their parent. */
  readonly workers?: number;
  readonly visitors?: number;
  /** Told after each kill. */
  readonly report?: (kill: number) => void;
}

/** The counts of a crash test. */
export interface CrashReport extends Tally {
  readonly kills: number;
  /** Entries in the store at the end. */
  readonly entries: number;
}

/** The most answers before a kill. */
const MOST_ANSWERS = 80;
/** The longest time between the last of these answers and the kill. */
const MOST_LATER_MS = 20;
/** The longest time that the other workers go on after one was killed. */
const MOST_AFTERWARDS_MS = 200;
/** A dead holder costs three seconds; a machine with much to do gets more. The report says what it was. */
export const LONGEST_WAIT_MS = 40_000;

/** Kills so often, and gives the counts; `faults` is empty when all is well. */
export async function crash(store: TestedStore, options: CrashOptions): Promise<CrashReport> {
  const { kills, workers = 1, visitors: crowd = 6 } = options;
  const site = await writeCrashSite(store.dir, store.options);
  const server = await startServer({ site, args: ['--workers', String(workers)] });
  const client = new Client(server.url);
  const tally = newTally();
  const visitors = Array.from(
    { length: crowd },
    (_, index) => new Visitor(`v${index}`, client, tally, store.isInCookies),
  );
  try {
    for (let kill = 1; kill <= kills; kill++) {
      const since = await killUnderLoad(server, visitors, tally, workers > 1 && Math.random() < 0.6);
      await inspect(store, visitors, since, tally);
      options.report?.(kill);
    }
    for (const visitor of visitors) visitor.finish();
    await server.stop();
    const { entries } = await listStore(store);
    tally.faults.push(...(await leftOvers(store)).map((name) => `left over: ${name}`));
    if (/cannot be read/.test(server.output())) tally.faults.push('a session was set aside as damaged');
    return { ...tally, kills, entries };
  } finally {
    client.close();
    await server.kill();
  }
}

/** Gives the moment from which on the server could answer again. */
async function killUnderLoad(
  server: TestServer,
  visitors: readonly Visitor[],
  tally: Tally,
  one: boolean,
): Promise<number> {
  const stop = new AbortController();
  for (const visitor of visitors) visitor.takeProcesses();
  const working = visitors.map((visitor) => visitor.work(stop.signal));
  await randomMoment(tally);
  const since = one ? killWorker(visitors) : undefined;
  if (since === undefined) await server.kill();
  else await pause(Math.random() * MOST_AFTERWARDS_MS);
  stop.abort();
  await Promise.all(working);
  if (since !== undefined) return since;
  await server.restart();
  return performance.now();
}

/** After some more answers, or when the visitors cannot go on. */
async function randomMoment(tally: Tally): Promise<void> {
  const target = tally.answered + 1 + Math.random() * MOST_ANSWERS;
  const until = performance.now() + LONGEST_WAIT_MS;
  while (tally.answered < target && performance.now() < until) await pause(1);
  await pause(Math.random() * MOST_LATER_MS);
}

/** Kills one of the workers that answered in this round. Gives the time, or undefined if no worker answered. */
function killWorker(visitors: readonly Visitor[]): number | undefined {
  const processes = visitors.flatMap((visitor) => visitor.takeProcesses());
  const victim = processes[Math.floor(Math.random() * processes.length)];
  if (victim === undefined) return undefined;
  process.kill(victim, 'SIGKILL');
  return performance.now();
}

/** Looks at all that the visitors wrote and all that lies in the store, when the server could answer again `since` then. */
export async function inspect(
  store: TestedStore,
  visitors: readonly Visitor[],
  since: number,
  tally: Tally,
): Promise<void> {
  const listed = listStore(store);
  const findInStore = async (life: string) => (await listed).lives.get(life);
  await Promise.all(visitors.map((visitor) => visitor.inspect(since, LONGEST_WAIT_MS, findInStore)));
  const { unreadable } = await listed;
  tally.faults.push(...unreadable.map((key) => `cannot be read: ${key}`));
}
