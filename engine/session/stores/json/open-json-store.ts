// Opens the JSON store from its options: {"store":"json","dir":".karrigell/sessions","lock_dir":null,"fsync":false}.

import { randomBytes } from 'node:crypto';
import { relative, resolve } from 'node:path';
import type { StoreConfig } from '../../../../config/schema.ts';
import type { SessionsEnvironment } from '../../session-types.ts';
import { LockingStore } from '../locking/locking-store.ts';
import { LEASE_MS } from '../locking/store-driver.ts';
import { type OpenedStore, wrongOption } from '../opened-store.ts';
import { JsonDriver } from './json-driver.ts';
import { DEFAULT_DIR } from './json-paths.ts';

/** The JSON store in the folder that the options name. */
export async function openJsonStore(
  options: StoreConfig,
  environment: SessionsEnvironment,
): Promise<OpenedStore> {
  const { dir: named = DEFAULT_DIR, lock_dir = null, fsync = false } = options;
  const { base_dir } = environment;
  const dir = resolve(base_dir, textOption('dir', named));
  const lockDir = lock_dir === null ? dir : resolve(base_dir, textOption('lock_dir', lock_dir));
  if (typeof fsync !== 'boolean') throw wrongOption('json', 'fsync', 'true or false');
  const id = randomBytes(12).toString('base64url');
  const driver = new JsonDriver({ dir, lockDir, fsync, leaseMs: LEASE_MS, id });
  const description = `json (${shownFolder(dir, base_dir)})`;
  const store = new LockingStore(driver, description, environment);
  try {
    await driver.start();
    await store.open();
  } catch (error) {
    await driver.close();
    throw error;
  }
  return { store, description };
}

function textOption(option: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw wrongOption('json', option, 'the path of a folder');
}

function shownFolder(folder: string, base: string): string {
  const below = relative(base, folder);
  return below === '' || below.startsWith('..') ? folder : below;
}
