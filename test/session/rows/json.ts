// The JSON store under test: a folder below the site's own.

import { readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { nothing, type StoreRow } from './row.ts';

export const JSON_FILES: StoreRow = {
  name: 'json',
  lock: 'store',
  persistent: true,
  lists: true,
  place: async (dir) => ({ dir, config: { store: 'json', dir: 'sessions' }, remove: nothing }),
  names: ({ dir }) => readdir(path.join(dir, 'sessions'), { recursive: true }),
  put: async ({ dir }, key, text) => {
    const file = path.join(dir, 'sessions', key.slice(0, 2), `${key}.json`);
    const { atime, mtime } = await stat(file);
    await writeFile(file, text);
    await utimes(file, atime, mtime);
  },
  forget: ({ dir }) => rm(path.join(dir, 'sessions'), { recursive: true }),
  cannot: {
    'session-lock-lost: a process that stalls past its lease writes nothing and answers 503':
      'comparing the token of a lock and renaming the file are two steps, so the lock of a live process is never taken over',
  },
};
