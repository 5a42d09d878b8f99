// A store written for express-session under test. Its entries are text, but those of this process.

import { nothing, type StoreRow } from './row.ts';

export const EXPRESS_STORE: StoreRow = {
  name: 'express-session (memorystore)',
  lock: 'process',
  persistent: false,
  lists: true,
  place: async (dir) => ({
    dir,
    config: { store: 'express-session', module: 'memorystore', options: { checkPeriod: 60_000 } },
    remove: nothing,
  }),
  cannot: {
    'the list has the key, the times and, where known, the size':
      'it knows the size, which the rule asks only of stores that outlive the process',
    'gc removes what has expired':
      'such stores remove by themselves what is over, by the clock of the machine',
  },
};
