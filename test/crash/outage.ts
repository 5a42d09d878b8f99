// Lets the place of the sessions fail again and again while the real program is under load: pages without sessions never
// notice, the others are refused until it is over, and what was answered is there.

import { setTimeout as pause } from 'node:timers/promises';
import { startServer, type TestServer } from '../server.ts';
import { Client } from './client.ts';
import { inspect, LONGEST_WAIT_MS } from './crash.ts';
import type { Outage, OutageStore } from './outage-stores.ts';
import { writeCrashSite } from './site.ts';
import { newTally, type Tally } from './tally.ts';
import { Visitor } from './visitor.ts';

/** How often, and in which company. */
export interface OutageOptions {
  readonly outages: number;
  readonly workers?: number;
  readonly visitors?: number;
  /** Told after each outage. */
  readonly report?: (outage: number) => void;
}

/** The counts of an outage test; `faults` is empty when all is well. */
export interface OutageReport extends Tally {
  readonly outages: number;
  /** Pages without sessions that were answered while the place failed. */
  readonly plain: number;
}

const BEFORE = 40;
const REFUSALS = 20;
const AFTER = 20;
const MOST_LATER_MS = 50;
const MOST_OUTPUT = 5000;

/** A server under load. */
interface Scene {
  readonly store: OutageStore;
  readonly server: TestServer;
  readonly visitors: readonly Visitor[];
  readonly tally: Tally;
}

/** Lets the place of a store fail so often, in each of its ways in turn. */
export async function interrupt(store: OutageStore, options: OutageOptions): Promise<OutageReport> {
  const { outages, workers = 1, visitors: crowd = 6 } = options;
  const site = await writeCrashSite(store.dir, store.options);
  const server = await startServer({ site, args: ['--workers', String(workers)] });
  const client = new Client(server.url);
  const tally = newTally();
  const visitors = Array.from({ length: crowd }, (_, index) => new Visitor(`v${index}`, client, tally));
  const scene = { store, server, visitors, tally };
  let plain = 0;
  try {
    const ways = store.outagesOf(server).filter(({ alone }) => workers === 1 || !alone);
    for (let number = 1; number <= outages; number++) {
      const way = ways[(number - 1) % ways.length];
      if (way !== undefined) plain += await underLoad(scene, way);
      options.report?.(number);
    }
    for (const visitor of visitors) visitor.finish();
    const processes = new Set(visitors.flatMap((visitor) => visitor.takeProcesses()));
    if (processes.size !== workers) tally.faults.push(`${processes.size} processes have answered`);
    if (/it is put into quarantine/.test(server.output()))
      tally.faults.push('a session was set aside as damaged');
    // That the place failed is said once, and not with each request.
    if (/\[500\] error/.test(server.output())) tally.faults.push('a request was logged with its error');
    const code = await server.stop();
    if (code !== 0) tally.faults.push(`the server ended with ${code}`);
    return { ...tally, outages, plain };
  } catch (error) {
    const what = error instanceof Error ? error.stack : String(error);
    throw new Error(`${what}\nthe server said:\n${server.output().slice(-MOST_OUTPUT)}`, { cause: error });
  } finally {
    client.close();
    await server.kill();
  }
}

/** One outage under load; how many pages without sessions were answered while it lasted. */
async function underLoad(scene: Scene, outage: Outage): Promise<number> {
  const { store, server, visitors, tally } = scene;
  const earlier = tally.faults.length;
  const stop = new AbortController();
  const working = visitors.map(async (visitor) => {
    while (!stop.signal.aborted) {
      await visitor.work(stop.signal);
      await pause(1);
    }
  });
  const plain = askPlain(server.url, stop.signal, tally.faults);
  await grown(() => tally.answered, BEFORE, 'no answers before', tally);
  const [before, served] = [new Map(tally.statuses), plain.counts.answered];
  const end = await outage.begin();
  await grown(() => tally.refused, REFUSALS, `nobody is refused`, tally);
  await pause(Math.random() * MOST_LATER_MS);
  const meanwhile = plain.counts.answered - served;
  await end();
  const since = performance.now();
  await grown(() => tally.answered, AFTER, `no answers afterwards`, tally);
  stop.abort();
  await Promise.all([...working, plain.ended]);
  for (const [status, count] of tally.statuses) {
    if ([200, 409, 503, outage.status].includes(status) || count === before.get(status)) continue;
    tally.faults.push(`${count - (before.get(status) ?? 0)} answers with ${status}`);
  }
  if (meanwhile === 0) tally.faults.push(`no page without a session was answered`);
  await inspect(store, visitors, since, tally);
  const faults = tally.faults.splice(earlier).map((fault) => `${outage.name}: ${fault}`);
  tally.faults.push(...faults);
  return meanwhile;
}

/** Asks for the page without a session, over one connection, until it is told to stop. */
function askPlain(url: string, stop: AbortSignal, faults: string[]) {
  const client = new Client(url);
  const counts = { answered: 0 };
  const ask = async () => {
    while (!stop.aborted) {
      const { status, body } = await client.ask('/plain').catch(unanswered);
      if (status === 200) counts.answered++;
      else faults.push(`/plain was answered with ${status} ${body}`);
      await pause(1);
    }
    client.close();
  };
  return { counts, ended: ask() };
}

const unanswered = (error: Error) => ({ status: 0, body: String(error.cause) });

/** Waits until a count has grown by so much; a fault when it does not. */
async function grown(count: () => number, by: number, fault: string, tally: Tally): Promise<void> {
  const target = count() + by;
  const until = performance.now() + LONGEST_WAIT_MS;
  while (count() < target && performance.now() < until) await pause(1);
  if (count() < target) tally.faults.push(fault);
}
