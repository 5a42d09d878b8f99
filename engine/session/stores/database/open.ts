// Opens the database store from its options:
// {"store":"database","url":"postgres://… mysql://… sqlite:…","table":"session","auto_create":true}.

import type { StoreConfig } from '../../../../config/schema.ts';
import { Problem } from '../../../diagnostics/problem.ts';
import { isAway } from '../../away.ts';
import type { SessionsEnvironment } from '../../face.ts';
import type { OpenedStore } from '../opened.ts';
import { openDatabase } from './address.ts';
import { Server } from './server.ts';
import { statementsFor } from './statements.ts';
import { DatabaseStore } from './store.ts';
import { TableOfSessions } from './table.ts';

const DEFAULT_TABLE = 'session';

const URL_FORMS =
  'postgres://user:password@host/database, mysql://user:password@host/database or sqlite:file';

/** With what the index's name adds, no database cuts it. */
const TABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,47}$/;

/** The store in the database that the options name. A server that is away is waited for in the background. */
export async function openDatabaseStore(
  options: StoreConfig,
  environment: SessionsEnvironment,
): Promise<OpenedStore> {
  const { url, table: name = DEFAULT_TABLE, auto_create: autoCreate = true } = options;
  if (typeof name !== 'string' || !TABLE_NAME.test(name))
    throw wrongOption('table', 'at most 48 letters, digits and underscores, not beginning with a digit');
  if (typeof autoCreate !== 'boolean') throw wrongOption('auto_create', 'true or false');
  const opened = await openDatabase(url, environment.base_dir);
  if (opened === undefined) throw wrongOption('url', URL_FORMS);
  const { database, place } = opened;
  const { dialect } = database;
  const fixed = statementsFor(dialect, name);
  const clock = environment.now;
  const statements = clock === undefined ? () => fixed : () => statementsFor(dialect, name, String(clock()));
  const server = new Server(database);
  const table = new TableOfSessions({ server, statements, name, autoCreate });
  await firstTry(table, server, environment.log);
  const store = new DatabaseStore({ server, table, statements, dialect });
  return { store, description: `database (${place}, table ${name})` };
}

async function firstTry(
  table: TableOfSessions,
  server: Server,
  log: SessionsEnvironment['log'],
): Promise<void> {
  try {
    await table.ready();
  } catch (error) {
    if (!isAway(error)) {
      await server.close();
      throw error;
    }
    log('warn', `${error.text}; the site starts without it, and pages with sessions answer 503 meanwhile`);
    table.keepTrying();
  }
}

function wrongOption(option: string, expected: string): Problem {
  return new Problem('session-store-option', { holes: { store: 'database', option, expected } });
}
