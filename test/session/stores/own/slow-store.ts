// A site's own store for tests, in each shape that it may have. Its calls for a session last as long as the test wants:
// `slow` gives the promise to wait for.

import type { EntryStore, OpenOwnStore, StoreEntry } from '../../../../engine/index.ts';

/** A call waits for this promise before it does anything; undefined: it does not wait. */
export type Slow = (method: string) => Promise<void> | undefined;

const SHAPES = { entries, express };

const open: OpenOwnStore = (options) => {
  const slow = options.slow as Slow;
  const wait = async (method: string, key: string) => (key === 'secret' ? undefined : slow(method));
  return SHAPES[options.shape as keyof typeof SHAPES](wait);
};

type Wait = (method: string, key: string) => Promise<void>;

function entries(wait: Wait): EntryStore {
  const kept = new Map<string, StoreEntry>();
  return {
    lock: 'process',
    load: (key) => kept.get(key),
    save: async (key, entry) => {
      await wait('save', key);
      kept.set(key, entry);
    },
    delete: async (key) => {
      await wait('delete', key);
      kept.delete(key);
    },
  };
}

function express(wait: Wait) {
  const kept = new Map<string, object>();
  return {
    get: (id: string, done: (error: unknown, session?: object) => void) => done(null, kept.get(id)),
    set(id: string, session: object, done: (error?: unknown) => void) {
      wait('save', id).then(() => {
        kept.set(id, session);
        done();
      }, done);
    },
    destroy(id: string, done: (error?: unknown) => void) {
      kept.delete(id);
      done();
    },
  };
}

export default open;
