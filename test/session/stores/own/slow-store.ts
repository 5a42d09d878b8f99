// A site's own store of the tests in each shape that it may have. What it does for a session lasts as long as the test
// wants: `slow` gives what to wait for.

import type { EntryStore, OpenOwnStore, StoreEntry } from '../../../../engine/index.ts';
import type { Change, Found, Outcome, SessionStore } from '../../../../engine/session/store.ts';

/** What a call waits for before it does anything; undefined: nothing. */
export type Slow = (method: string) => Promise<void> | undefined;

const SHAPES = { entries, express, whole };

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
    touch(id: string, session: object, done: (error?: unknown) => void) {
      wait('touch', id).then(() => {
        kept.set(id, session);
        done();
      }, done);
    },
  };
}

/** As its interface allows, it relies on being asked for a key by one request at a time. */
function whole(wait: Wait): SessionStore<string> {
  const kept = new Map<string, Found<string>>();
  const read = (key: string): Found<string> => kept.get(key) ?? { state: 'absent' };
  const put = (key: string, content: string, deadline: number) => {
    kept.set(key, { state: 'live', content, deadline });
  };
  const change = (key: string, wanted: Change<string>): Outcome => {
    if (wanted.kind === 'write' || wanted.kind === 'create') put(key, wanted.content, wanted.deadline);
    return 'done';
  };
  return {
    lock: 'process',
    keeps: 'text',
    shared: false,
    secret: new Uint8Array(32),
    sweepSteps: 1,
    read,
    create: put,
    touch: (key) => kept.has(key),
    take: async (key) => {
      const found = read(key);
      await wait('take', key);
      let isHeld = true;
      return {
        found,
        commit: async (wanted) => {
          if (!isHeld) throw new Error('a turn ends once');
          isHeld = false;
          await wait(wanted.kind === 'keep' ? 'keep' : 'save', key);
          return change(key, wanted);
        },
      };
    },
    async *list() {},
    sweep: () => 0,
    close: () => undefined,
  };
}

export default open;
