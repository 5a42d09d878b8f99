// A site's own store under test, one that can compare and set: a table of SQLite in the site's own folder.

import path from 'node:path';
import Database from 'libsql';
import { ownStore } from '../stores/own-stores.ts';
import { nothing, type StorePlace, type StoreRow } from './row.ts';

export const OWN_STORE: StoreRow = {
  name: 'own',
  lock: 'store',
  persistent: true,
  lists: true,
  place: async (dir) => ({
    dir,
    config: { store: ownStore('sqlite-store'), file: 'sessions.db' },
    remove: nothing,
  }),
  names: async (place) =>
    within(place, (database) => database.prepare('SELECT key FROM entry').pluck().all().map(String)),
  put: async (place, key, text) =>
    within(
      place,
      (database) => void database.prepare('UPDATE entry SET text = ? WHERE key = ?').run(text, key),
    ),
  forget: async (place) => within(place, (database) => void database.exec('DELETE FROM entry')),
};

function within<T>({ dir }: StorePlace, work: (database: Database.Database) => T): T {
  const database = new Database(path.join(dir, 'sessions.db'), { timeout: 1800 });
  try {
    return work(database);
  } finally {
    database.close();
  }
}
