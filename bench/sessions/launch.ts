// One launch of one contender: it is started anew, gets its visitors, is warmed up, measured, checked and stopped.

import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contender, Place, Running } from './contender.ts';
import { type Answered, type Generator, loaded } from './load.ts';
import { COUNT } from './pages.ts';
import { processorSeconds } from './processor.ts';
import { newVisitors, sumOfCounts, VISITORS, type Visitor } from './visitors.ts';

/** The settings of all launches. */
export interface Settings {
  readonly generator: Generator;
  readonly connections: number;
  readonly seconds: number;
  /** Seconds of load before the measurement; 0: none. */
  readonly warm: number;
}

/** The figures of one launch. */
export interface Figures {
  /** Requests that one second of the server's processor time answers. */
  readonly rate: number;
  /** Processor seconds per second of the clock. */
  readonly busy: number;
  /** The part of the answered counts that the sessions lack, from 0 to 1. */
  readonly lost: number;
}

/** Runs the launch in a folder of its own. */
export async function launch(
  contender: Contender,
  common: Omit<Place, 'folder'>,
  parent: string,
  settings: Settings,
): Promise<Figures> {
  const folder = await mkdtemp(join(parent, `${contender.name}-`));
  try {
    const server = await contender.start({ ...common, folder });
    try {
      return await measured(contender, server, folder, settings);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measured(
  { path, losesNothing }: Contender,
  { urls, processes, isApart = false }: Running,
  folder: string,
  { generator, connections, seconds, warm }: Settings,
): Promise<Figures> {
  const visitors = await newVisitors(urls);
  const targets = urls.map((url, index) => ({
    url: `${url}${path}`,
    cookies: isApart ? visitorsOf(url, visitors) : startingAt(index / urls.length, visitors),
  }));
  const load = { targets, connections };
  const before = warm > 0 ? [await loaded(generator, { ...load, seconds: warm }, folder)] : [];
  const [began, used] = [performance.now(), processorSeconds(processes)];
  const result = await loaded(generator, { ...load, seconds }, folder);
  const [wall, processor] = [(performance.now() - began) / 1000, processorSeconds(processes) - used];
  if (result.answered === 0) throw new Error(`nothing was answered in ${seconds} s`);
  const sum = await sumOfCounts(visitors);
  const lost = lostOf(sum, path === COUNT ? [...before, result] : []);
  if (losesNothing && lost > 0) throw new Error(`${lost} counts were lost`);
  return { rate: result.answered / processor, busy: processor / wall, lost: lost / result.answered };
}

function visitorsOf(url: string, visitors: readonly Visitor[]): string[] {
  return visitors.filter((visitor) => visitor.url === url).map(({ cookie }) => cookie);
}

/** Another order for each server. If two servers began with the same visitor, they would wait for each other all the time. */
function startingAt(part: number, visitors: readonly Visitor[]): string[] {
  const first = Math.floor(visitors.length * part);
  return [...visitors.slice(first), ...visitors.slice(0, first)].map(({ cookie }) => cookie);
}

/** The missing counts. A number that is not possible is an error of the benchmark. */
function lostOf(sum: number, results: readonly Answered[]): number {
  // The first request of each visitor, and the one that reads the count.
  const least = results.reduce((counts, { answered }) => counts + answered, 2 * VISITORS);
  const most = results.reduce((counts, { cut }) => counts + cut, least);
  if (sum > most) throw new Error(`${most} requests at most were counted as ${sum}`);
  return Math.max(0, least - sum);
}
