// A site's own store of the tests that can compare and set: a table of SQLite. LockQueues reach as far as its file.

import { resolve } from 'node:path';
import Database from 'libsql';
import type { EntryStore, OpenOwnStore, StoreEntry } from '../../../../engine/index.ts';

const open: OpenOwnStore = ({ file }, { base_dir }): EntryStore => {
  const database = new Database(resolve(base_dir, String(file)));
  database.exec(`PRAGMA busy_timeout = 1800; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS entry (key TEXT PRIMARY KEY, text TEXT NOT NULL, deadline REAL NOT NULL)`);
  const select = database.prepare('SELECT text, deadline FROM entry WHERE key = ?');
  const all = database.prepare('SELECT key, text, deadline FROM entry');
  const insert = database.prepare('INSERT INTO entry VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING');
  const update = database.prepare(
    'UPDATE entry SET text = ?, deadline = ? WHERE key = ? AND text = ? AND deadline = ?',
  );
  const remove = database.prepare('DELETE FROM entry WHERE key = ? AND text = ? AND deadline = ?');
  const sweep = database.prepare('DELETE FROM entry WHERE deadline <> 0 AND deadline <= ?');
  return {
    lock: 'store',
    load: (key) => entryIn(select.get(key)),
    replace(key, before, after) {
      if (before === undefined)
        return after === undefined || insert.run(key, after.text, after.deadline).changes > 0;
      const known = [key, before.text, before.deadline];
      if (after === undefined) return remove.run(...known).changes > 0;
      return update.run(after.text, after.deadline, ...known).changes > 0;
    },
    *list() {
      for (const row of all.all()) {
        const entry = entryIn(row);
        if (entry !== undefined) yield [String(Reflect.get(Object(row), 'key')), entry];
      }
    },
    sweep: (now) => sweep.run(now).changes,
    close: () => database.close(),
  };
};

function entryIn(row: unknown): StoreEntry | undefined {
  if (typeof row !== 'object' || row === null) return undefined;
  return { text: String(Reflect.get(row, 'text')), deadline: Number(Reflect.get(row, 'deadline')) };
}

export default open;
