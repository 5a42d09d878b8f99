// Opens the JSON store from its options: {"store":"json","dir":".karrigell/sessions","lock_dir":null,"fsync":false}.

import { relative, resolve } from 'node:path';
import type { StoreConfig } from '../../../../config/schema.ts';
import { Problem } from '../../../diagnostics/problem.ts';
import type { SessionsEnvironment } from '../../face.ts';
import type { OpenedStore } from '../opened.ts';
import { DEFAULT_DIR } from './default-dir.ts';
import { onDisk } from './failure.ts';
import { SessionFiles } from './files.ts';
import { LockFiles } from './lock.ts';
import { LOCK_WAYS } from './lock-way.ts';
import { ownProcess } from './owner.ts';
import { FolderSecret } from './secret.ts';
import { JsonStore } from './store.ts';

/** The JSON store in the folder that the options name. */
export async function openJsonStore(
  options: StoreConfig,
  environment: SessionsEnvironment,
): Promise<OpenedStore> {
  const { dir = DEFAULT_DIR, lock_dir = null, fsync = false } = options;
  const folder = resolve(environment.base_dir, textOption('dir', dir));
  const lockDir =
    lock_dir === null ? folder : resolve(environment.base_dir, textOption('lock_dir', lock_dir));
  if (typeof fsync !== 'boolean') throw wrongOption('fsync', 'true or false');
  const way = process.platform === 'win32' ? LOCK_WAYS.hard : LOCK_WAYS.symbolic;
  return onDisk(async () => {
    const store = new JsonStore({
      files: new SessionFiles(folder, fsync),
      secret: await FolderSecret.open(folder),
      locks: new LockFiles(await ownProcess(), way),
      lockDir,
      now: environment.now ?? Date.now,
    });
    return { store, description: `json (${shownFolder(folder, environment.base_dir)})` };
  });
}

function textOption(option: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw wrongOption(option, 'the path of a folder');
}

function wrongOption(option: string, expected: string): Problem {
  return new Problem('session-store-option', { holes: { store: 'json', option, expected } });
}

function shownFolder(folder: string, base: string): string {
  const below = relative(base, folder);
  return below === '' || below.startsWith('..') ? folder : below;
}
