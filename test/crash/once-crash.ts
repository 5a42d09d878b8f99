// Kills the real program (kill -9) while forms arrive at a page with Once, each several times, and sends the forms again whose answers
// were lost. Each order is a line of a file: no order may be there twice, none may be missing whose visitor was told that it is done,
// and an order of which nothing certain is known must be answered with 409.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startServer, type TestServer } from '../server.ts';
import { LONGEST_WAIT_MS } from './crash.ts';
import { OrderVisitor } from './order-visitor.ts';
import { writeCrashSite } from './site.ts';
import { leftOvers } from './store-view.ts';
import type { TestedStore } from './stores.ts';

/** How often and in which company a server is killed. */
export interface OnceCrashOptions {
  readonly kills: number;
  /** More than 1: sometimes a worker is killed, sometimes their parent. */
  readonly workers?: number;
  readonly visitors?: number;
  /** Called after each kill. */
  readonly report?: (kill: number) => void;
}

/** The result; `faults` is empty if all rules were kept. */
export interface OnceCrashReport {
  readonly kills: number;
  readonly orders: number;
  /** Arrivals that were answered or whose connection broke. */
  readonly arrivals: number;
  readonly broken: number;
  /** Orders whose visitor was told that they are done. */
  readonly done: number;
  /** Orders whose visitor was told that it is not certain, and how many of them were placed all the same. */
  readonly unsure: number;
  readonly unsure_placed: number;
  readonly faults: readonly string[];
}

/** The most answers before a kill. */
const MOST_ANSWERS = 60;

const WORKER = "RESPONSE.headers.set('X-Worker', String(process.pid));";
const PAUSE = 'await new Promise((later) => setTimeout(later, Math.random() * 6));';

/** Pages that place an order, without a session and with one. */
function orderPages(file: string): Record<string, string> {
  const place = `import { appendFileSync } from 'node:fs'; ${WORKER} await Once(); ${PAUSE} appendFileSync(${JSON.stringify(file)}, _order + '\\n'); ${PAUSE}`;
  return {
    'order.pih': `<% ${place} redirect('/thanks?order=' + _order) %>`,
    'cart.pih': `<% ${place} const s = Session(); s.orders = [...s.get('orders', []), _order]; redirect('/thanks?order=' + _order) %>`,
  };
}

export async function onceCrash(store: TestedStore, options: OnceCrashOptions): Promise<OnceCrashReport> {
  const { kills, workers = 1, visitors: crowd = 6 } = options;
  const site = await writeCrashSite(store.dir, store.options);
  const file = join(store.dir, 'orders.txt');
  await writeFile(file, '');
  for (const [name, page] of Object.entries(orderPages(file))) await writeFile(join(site, name), page);
  const server = await startServer({ site, args: ['--workers', String(workers)] });
  const visitors = Array.from({ length: crowd }, (_, index) => new OrderVisitor(`v${index}`, server.url));
  try {
    for (let kill = 1; kill <= kills; kill++) {
      await killUnderLoad(server, visitors, workers > 1 && Math.random() < 0.6);
      await Promise.all(visitors.map((visitor) => visitor.settle(LONGEST_WAIT_MS)));
      options.report?.(kill);
    }
    await server.stop();
    const rest = (await leftOvers(store)).map((name) => `left over: ${name}`);
    const placed = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
    return reportOf(kills, visitors, placed, rest);
  } finally {
    await server.kill();
  }
}

async function killUnderLoad(
  server: TestServer,
  visitors: readonly OrderVisitor[],
  one: boolean,
): Promise<void> {
  const stop = new AbortController();
  const answered = () => visitors.reduce((sum, { answers }) => sum + answers, 0);
  const target = answered() + 1 + Math.random() * MOST_ANSWERS;
  const until = performance.now() + LONGEST_WAIT_MS;
  const working = visitors.map((visitor) => visitor.work(stop.signal));
  while (answered() < target && performance.now() < until) await pause(1);
  await pause(Math.random() * 20);
  const victims = one ? visitors.flatMap((visitor) => visitor.takeProcesses()) : [];
  const victim = victims[Math.floor(Math.random() * victims.length)];
  if (victim === undefined) await server.kill();
  else {
    process.kill(victim, 'SIGKILL');
    await pause(Math.random() * 200);
  }
  stop.abort();
  await Promise.all(working);
  if (victim === undefined) await server.restart();
  for (const visitor of visitors) visitor.takeProcesses();
}

function reportOf(
  kills: number,
  visitors: readonly OrderVisitor[],
  placed: readonly string[],
  rest: readonly string[],
): OnceCrashReport {
  const orders = visitors.flatMap((visitor) => visitor.orders);
  const times = new Map<string, number>();
  for (const name of placed) times.set(name, (times.get(name) ?? 0) + 1);
  const faults = [...rest, ...visitors.flatMap((visitor) => visitor.faults)];
  for (const [name, count] of times) if (count > 1) faults.push(`order ${name} was placed ${count} times`);
  for (const { name, state } of orders)
    if (state === 'done' && !times.has(name)) faults.push(`order ${name} is lost, and was said to be done`);
  const unsure = orders.filter(({ state }) => state === 'unsure');
  return {
    kills,
    orders: orders.length,
    arrivals: visitors.reduce((sum, { arrivals }) => sum + arrivals, 0),
    broken: visitors.reduce((sum, { broken }) => sum + broken, 0),
    done: orders.filter(({ state }) => state === 'done').length,
    unsure: unsure.length,
    unsure_placed: unsure.filter(({ name }) => times.has(name)).length,
    faults,
  };
}
