// The tests' modules of own stores, opened as a site opens its own.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import type { StoreConfig } from '../../../config/schema.ts';
import { isolatedModuleLoader } from '../../../engine/pages/modules/module-loader.ts';
import type { SessionStore } from '../../../engine/session/session-store.ts';
import { openStore } from '../../../engine/session/stores/store-catalogue.ts';
import { Places } from '../../places.ts';
import type { TestedStore } from './contract.ts';

/** The sources of the stores' modules; they are compiled by the engine, as a site's are. */
const MODULES = fileURLToPath(new URL('../../../../test/session/stores/own/', import.meta.url));

/** The path of a store's module, as a configuration names it. */
export function ownStore(name: string): string {
  return path.join(MODULES, `${name}.ts`);
}

/** Loads modules as a site does. */
export function testLoader() {
  return isolatedModuleLoader(tmpdir(), () => undefined);
}

/** The number of stores that are open at the same time. All tests of a file start at once. */
const places = new Places(4);

/** A store in a folder of its own. */
export interface TestedOwnStore extends TestedStore {
  readonly dir: string;
  readonly log: string[];
  readonly description: string;
  /** Opens the same store again, as another process would. */
  another(): Promise<SessionStore<string>>;
}

/** Opens a store from its configuration; `remove` leaves nothing behind. */
export async function openTestedStore(
  options: StoreConfig,
  remove = async (): Promise<void> => undefined,
): Promise<TestedOwnStore> {
  await places.take();
  const dir = await mkdtemp(path.join(tmpdir(), 'karrigell-own-store-'));
  const tested = { now: Date.UTC(2026, 0, 1), log: [] as string[] };
  const stores: SessionStore<string>[] = [];
  const open = async () => {
    const opened = await openStore(options, {
      base_dir: dir,
      log: (level, message) => tested.log.push(`${level}: ${message}`),
      now: () => tested.now,
      load_module: testLoader(),
    });
    stores.push(opened.store);
    return opened;
  };
  const { store, description } = await open().catch((error: unknown) => {
    places.leave();
    throw error;
  });
  return Object.assign(tested, {
    store,
    dir,
    description,
    another: async () => (await open()).store,
    close: async () => {
      for (const each of stores) await each.close();
      await remove();
      await rm(dir, { recursive: true, force: true });
      places.leave();
    },
  });
}

/** A place for a test that opens its store by other means. */
export async function placeFor(t: ExecutionContext): Promise<void> {
  await places.take();
  t.teardown(() => places.leave());
}
