// The store of a crash test as an operator sees it, beside the server: all entries, whether they can be read, and what
// killed processes left behind.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { parsedRecord } from '../../engine/session/format/serialized-store.ts';
import type { SessionStore } from '../../engine/session/session-store.ts';
import { openStore } from '../../engine/session/stores/store-catalogue.ts';
import { testLoader } from '../session/stores/own-stores.ts';
import type { Kept } from './life.ts';
import type { KeptContent, TestedStore } from './stores.ts';

/** The entries of the store. */
export interface Listing {
  readonly entries: number;
  readonly unreadable: readonly string[];
  readonly lives: ReadonlyMap<string, Kept>;
}

/** Half-written files are swept when they are older than a minute. */
const LATER_MS = 61_000;

/** Tries again while the store is unavailable: the machine may be too busy to answer in time. */
const TRIES = 5;

/** Reads every entry. */
export async function listStore(tested: TestedStore): Promise<Listing> {
  for (let tries = 1; ; tries++) {
    try {
      return await listOnce(tested);
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'session-store-unavailable') || tries === TRIES)
        throw error;
      await pause(500);
    }
  }
}

async function listOnce(tested: TestedStore): Promise<Listing> {
  const unreadable: string[] = [];
  const lives = new Map<string, Kept>();
  let entries = 0;
  for await (const { key, content } of tested.contents?.() ?? listed(tested)) {
    entries++;
    const data = parsedRecord(content ?? '')?.data;
    if (data === undefined) unreadable.push(key);
    else keepLonger(lives, keptIn(data));
  }
  return { entries, unreadable, lives };
}

async function* listed(tested: TestedStore): AsyncGenerator<KeptContent> {
  const store = await opened(tested);
  try {
    yield* store.list();
  } finally {
    await store.close();
  }
}

async function opened({ options, dir }: TestedStore, now = Date.now): Promise<SessionStore<string>> {
  const environment = { base_dir: dir, log: () => {}, now, load_module: testLoader() };
  const { store } = await openStore(options, environment);
  return store;
}

/** Sweeps as the server would a minute later. Gives the names of files that no later sweep would remove either. */
export async function leftOvers(tested: TestedStore): Promise<string[]> {
  const { options, dir } = tested;
  const store = await opened(tested, () => Date.now() + LATER_MS);
  await store.acquireSweepLock?.();
  for (let step = 0; step < store.sweepSteps; step++) await store.sweep(step);
  await store.close();
  if (options.store !== 'json') return [];
  const names = await readdir(join(dir, String(options.dir)), { recursive: true });
  return names.filter((name) => !/(^|[\\/])([0-9a-f]{2}|secret|(?:once\.)?[0-9a-f]{64}\.json)$/.test(name));
}

/** A move that was cut off leaves a copy under an id that no visitor has; it is shorter than the session that goes on. */
function keepLonger(lives: Map<string, Kept>, kept: Kept): void {
  const other = lives.get(kept.life ?? '');
  if (other === undefined || other.ops.length < kept.ops.length) lives.set(kept.life ?? '', kept);
}

function keptIn(data: Readonly<Record<string, unknown>>): Kept {
  const { life, count, ops } = data;
  return { life: String(life), count: Number(count), ops: Array.isArray(ops) ? ops.map(String) : [] };
}
