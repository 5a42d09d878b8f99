// A site's own store of the tests: sessions in a Map. It may declare that it gives no locks.

import type { EntryStore, OpenOwnStore, StoreEntry } from '../../../../engine/index.ts';

const open: OpenOwnStore = ({ lock = 'process' }): EntryStore => {
  const entries = new Map<string, StoreEntry>();
  return {
    lock: lock === 'none' ? 'none' : 'process',
    load: (key) => entries.get(key),
    save: (key, entry) => entries.set(key, entry),
    delete: (key) => entries.delete(key),
    list: () => entries,
  };
};

export default open;
