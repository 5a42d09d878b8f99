// A memcached store under test, with a prefix of its own.

import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import type { StoreConfig } from '../../../config/schema.ts';
import { openMemcachedStore } from '../../../engine/session/stores/memcached/open-memcached-store.ts';
import { nothing } from '../rows/row.ts';
import { TestSite } from '../site.ts';
import type { TestedStore } from './contract.ts';

export const KEY = 'ab'.repeat(32);
export const OTHER = 'cd'.repeat(32);

/** A store, and how an operator would name the parts of its session KEY. */
export interface TestedMemcached extends TestedStore {
  readonly options: StoreConfig;
  readonly log: string[];
  /** s, d, l or damaged. */
  name(part: string): string;
}

/** A store of its own below a prefix of its own. */
export async function openTested(servers: string | readonly string[]): Promise<TestedMemcached> {
  const prefix = `test%${randomBytes(6).toString('hex')}*[x]:`;
  const options = { store: 'memcached', servers, prefix };
  const tested = { now: Date.UTC(2026, 0, 1), log: [] as string[] };
  const { store } = await openMemcachedStore(options, {
    base_dir: tmpdir(),
    log: (level, message) => tested.log.push(`${level}: ${message}`),
    now: () => tested.now,
  });
  const name = (part: string) => `${prefix}${KEY}:${part}`;
  return Object.assign(tested, { store, options, name, close: async () => store.close() });
}

/** A second process' view of the same sessions. */
export async function another(t: ExecutionContext, tested: TestedMemcached) {
  const { store } = await openMemcachedStore(tested.options, {
    base_dir: tmpdir(),
    log: () => {},
    now: () => tested.now,
  });
  t.teardown(() => store.close());
  return store;
}

/** A server's sessions over the same store. */
export async function siteOver(t: ExecutionContext, tested: TestedMemcached): Promise<TestSite> {
  const site = new TestSite(tmpdir(), { dir: tmpdir(), config: tested.options, remove: nothing });
  await site.open();
  t.teardown(() => site.sessions.close());
  return site;
}

/** Tries until it gives something. */
export async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 2000; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(10);
  }
  throw new Error('it never came');
}
