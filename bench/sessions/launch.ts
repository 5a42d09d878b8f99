// One launch of one contender: it is started anew, gets its visitors, is warmed up, measured, checked and stopped.

import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contender, Place, Running } from './contender.ts';
import { type Answered, type Generator, loaded } from './load.ts';
import { COUNT } from './pages.ts';
import { processorSeconds } from './processor.ts';
import { newVisitors, sumOfCounts, VISITORS } from './visitors.ts';

/** What all launches have in common. */
export interface Settings {
  readonly generator: Generator;
  readonly connections: number;
  readonly seconds: number;
  /** Seconds of load before; 0: none. */
  readonly warm: number;
}

/** What one launch gave. */
export interface Figures {
  /** Requests that one second of the server's processor time answers. */
  readonly rate: number;
  /** Processor seconds in a second by the clock. */
  readonly busy: number;
  /** Counts that were answered and are not in the sessions, of 1. */
  readonly lost: number;
}

/** Runs it in a folder of its own. */
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
  { urls, processes }: Running,
  folder: string,
  { generator, connections, seconds, warm }: Settings,
): Promise<Figures> {
  const [url = ''] = urls;
  const cookies = await newVisitors(urls);
  const load = { urls: urls.map((each) => `${each}${path}`), cookies, connections };
  const before = warm > 0 ? [await loaded(generator, { ...load, seconds: warm }, folder)] : [];
  const [began, used] = [performance.now(), processorSeconds(processes)];
  const result = await loaded(generator, { ...load, seconds }, folder);
  const [wall, processor] = [(performance.now() - began) / 1000, processorSeconds(processes) - used];
  if (result.answered === 0) throw new Error(`nothing was answered in ${seconds} s`);
  const sum = await sumOfCounts(url, cookies);
  const lost = lostOf(sum, path === COUNT ? [...before, result] : []);
  if (losesNothing && lost > 0) throw new Error(`${lost} counts were lost`);
  return { rate: result.answered / processor, busy: processor / wall, lost: lost / result.answered };
}

/** Counts that are missing. More than there can be is an error of the benchmark. */
function lostOf(sum: number, results: readonly Answered[]): number {
  // Each visitor's first request, and the one that asked for the count.
  const least = results.reduce((counts, { answered }) => counts + answered, 2 * VISITORS);
  const most = results.reduce((counts, { cut }) => counts + cut, least);
  if (sum > most) throw new Error(`${most} requests at most were counted as ${sum}`);
  return Math.max(0, least - sum);
}
