// Stores written for express-session under test: one in this process, one in files, one in PostgreSQL. None of them locks.

import { findExpressStores, type TestedExpressStore } from '../stores/express-stores.ts';
import type { StorePlace, StoreRow } from './row.ts';

const CANNOT = {
  'gc removes expired sessions': 'such stores remove by themselves what is over, by the clock of the machine',
  'the listing has the key, the times and, where known, the size':
    'it knows the size, which the rule asks only of stores that outlive the process',
};

/** The rows, once it is known which servers are here. */
export async function expressRows(): Promise<StoreRow[]> {
  const { stores, missing } = await findExpressStores();
  return [...stores.map(rowOf), ...missing.map(({ kind, why }) => ({ ...rowOf(kind), missing: why }))];
}

function rowOf({ name, shared, lists, place, names, put }: TestedExpressStore): StoreRow {
  return {
    name: `express-session (${name})`,
    lock: 'process',
    persistent: shared,
    lists,
    place: async (dir) => ({ dir, ...(await place()) }),
    ...(names && { names: async (where) => names(optionsOf(where)) }),
    ...(put && { put: async (where, key, text) => put(optionsOf(where), key, text) }),
    ...(lists && { cannot: CANNOT }),
  };
}

function optionsOf({ config }: StorePlace): object {
  return typeof config === 'boolean' ? {} : Object(config.options);
}
