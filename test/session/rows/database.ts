// The database store under test, once for each database: a table a site.

import type { SqlDatabase } from '../../../engine/session/stores/database/sql-database.ts';
import { findDatabases, opened, type TestDatabase } from '../stores/databases.ts';
import { OURS, option, type StorePlace, type StoreRow } from './row.ts';

/** The rows, once it is known which servers are here. */
export async function databaseRows(): Promise<StoreRow[]> {
  const { found, missing } = await findDatabases();
  const absent = missing.map(({ name, url }) => ({
    ...databaseRow({ name, url: () => url }),
    missing: `no server answers at ${url}`,
  }));
  return [...found.map(databaseRow), ...absent];
}

/** A table a site, looked at and dropped through one connection of an operator; a file goes with its folder. */
function databaseRow({ name, url }: TestDatabase): StoreRow {
  let places = 0;
  const operators = new Map<string, Promise<SqlDatabase>>();
  const operatorOf = ({ dir }: StorePlace): Promise<SqlDatabase> => {
    const where = url(dir);
    const known = operators.get(where) ?? opened(where, dir);
    operators.set(where, known);
    return known;
  };
  const within = async (place: StorePlace) => {
    const database = await operatorOf(place);
    return { database, table: database.dialect.quoted(option(place, 'table')) };
  };
  return {
    name,
    lock: 'store',
    persistent: true,
    lists: true,
    place: async (dir) => {
      const table = `${OURS}_${places++}`;
      const place: StorePlace = {
        dir,
        config: { store: 'database', url: url(dir), table },
        remove: async () => {
          const { database, table } = await within(place);
          await database.count(`DROP TABLE ${table}`, []);
          if (name !== 'sqlite') return;
          await database.close();
          operators.delete(url(dir));
        },
      };
      return place;
    },
    names: async (place) => {
      const { database, table } = await within(place);
      const rows = await database.rows(`SELECT session_id FROM ${table}`, []);
      return rows.map(({ session_id }) => String(session_id));
    },
    put: async (place, key, text) => {
      const { database, table } = await within(place);
      await database.count(`UPDATE ${table} SET data = ? WHERE session_id = ?`, [text, key]);
    },
    forget: async (place) => {
      const { database, table } = await within(place);
      await database.count(`DELETE FROM ${table}`, []);
    },
    close: async () => {
      for (const operator of operators.values()) await (await operator).close();
    },
  };
}
