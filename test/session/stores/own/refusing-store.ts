// A site's own store of the tests that can compare and set, but whose replace() says false: from the start (`always`), or for
// the session whose key is in a file `refused` in its folder.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EntryStore, OpenOwnStore, StoreEntry } from '../../../../engine/index.ts';

const open: OpenOwnStore = ({ always = false, changes = false }, { base_dir }): EntryStore => {
  const entries = new Map<string, StoreEntry>();
  const isRefused = (key: string) => always === true || refusedIn(base_dir).includes(key);
  return {
    lock: 'store',
    load: (key) => entries.get(key),
    replace(key, before, after) {
      const there = entries.get(key);
      if (there?.text !== before?.text || there?.deadline !== before?.deadline) return false;
      if (isRefused(key) && changes !== true) return false;
      if (after === undefined) entries.delete(key);
      else entries.set(key, after);
      return !isRefused(key);
    },
    list: () => entries,
  };
};

function refusedIn(folder: string): string {
  try {
    return readFileSync(join(folder, 'refused'), 'utf8');
  } catch {
    return '';
  }
}

export default open;
