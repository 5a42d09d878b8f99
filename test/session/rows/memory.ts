// The memory store under test: nothing outlives the site.

import { nothing, type StoreRow } from './row.ts';

export const MEMORY: StoreRow = {
  name: 'memory',
  lock: 'process',
  persistent: false,
  lists: true,
  place: async (dir) => ({ dir, config: false, remove: nothing }),
};
