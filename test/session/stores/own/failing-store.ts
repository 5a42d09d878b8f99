// A site's own store for tests. As long as its folder has a file `fails`, its calls for entries of sessions fail in the way of
// its options, and the store counts them in that file.

import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { EntryStore, OpenOwnStore, StoreEntry } from '../../../../engine/index.ts';

const FAILURES: Readonly<Record<string, (fails: () => boolean) => unknown>> = {
  throws: () => {
    throw new Error('out of paper');
  },
  rejects: async () => Promise.reject('no error at all'),
  'is away': () =>
    Promise.reject(Object.assign(new Error('gone fishing'), { code: 'session-store-unavailable' })),
  'cannot connect': () =>
    Promise.reject(
      new AggregateError([Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })]),
    ),
  hangs: async (fails) => {
    while (fails()) await pause(20);
  },
  'talks nonsense': () => ({ text: 5 }),
};

const open: OpenOwnStore = ({ method = 'load', how, everything = false }, { base_dir }): EntryStore => {
  const entries = new Map<string, StoreEntry>();
  const fails = () => existsSync(join(base_dir, 'fails'));
  const failing = (name: string, key: string) =>
    method === name && (everything || key.length === 64) && fails();
  const fail = (): never => {
    appendFileSync(join(base_dir, 'failures'), '.');
    return FAILURES[String(how)]?.(fails) as never;
  };
  return {
    lock: 'process',
    load: (key) => (failing('load', key) ? fail() : entries.get(key)),
    save: (key, entry) => (failing('save', key) ? fail() : entries.set(key, entry)),
    delete: (key) => entries.delete(key),
  };
};

export default open;
