// The sweep of a database: in small steps, out of the way of requests, and without warnings for an operator.

import { setTimeout as pause } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { openSessions } from '../../../engine/session/index.ts';
import { settings } from '../site.ts';
import { REQUEST } from './contract.ts';
import { databaseRule, HOUR, type TestedDatabase } from './database-store.ts';
import { connectedTo, findDatabases } from './databases.ts';

const { found: databases } = await findDatabases();
const servers = databases.filter(({ name }) => name !== 'sqlite');

/** The server renews its table of waiting transactions only if it was not read for a tenth of a second. */
const NEWS_MS = 150;

const rule = (
  title: string,
  run: (t: ExecutionContext, tested: TestedDatabase) => Promise<void>,
  kinds = databases,
) => databaseRule(title, run, kinds);

/** The key with this number; keys are in the order of their numbers. */
const key = (number: number) => number.toString(16).padStart(64, '0');

/** Puts entries under the first so many keys. */
async function put({ operator, table }: TestedDatabase, count: number, deadline: (number: number) => number) {
  const rows = Array.from({ length: count }, (_, number) => `('${key(number)}', 'x', ${deadline(number)})`);
  await operator.count(`INSERT INTO ${table} (session_id, data, expires) VALUES ${rows.join(', ')}`, []);
}

/** An operator's transaction, which is undone. */
async function transaction(t: ExecutionContext, { options }: TestedDatabase) {
  const operator = await connectedTo(options.url);
  t.teardown(() => operator.end());
  await operator.query('BEGIN');
  return operator;
}

rule('a sweep goes in steps of 500 rows and leaves rows that are locked', async (t, tested) => {
  const { store } = tested;
  await put(tested, 510, () => tested.now + 10);
  const lock = await store.acquire(key(0), REQUEST);
  tested.now += 10;
  t.is(await store.sweep(0), 500);
  t.is(await store.sweep(0), 9);
  await lock.release({ kind: 'keep' });
  t.is(await store.sweep(0), 1);
  t.is(await store.sweep(0), 0);
  t.deepEqual(
    await tested.operator.rows(`SELECT session_id FROM ${tested.table}`, []).then((all) => all.length),
    1,
  );
});

rule('a sweep that was prepared over an empty table is as quick over a full one', async (t, tested) => {
  const { operator, store, table } = tested;
  await operator.count(`ANALYZE ${operator.dialect.returning ? '' : 'TABLE '}${table}`, []);
  t.is(await store.sweep(0), 0);
  await put(tested, 20_000, (number) => tested.now + (number % 50 === 0 ? 0 : HOUR));
  t.is(await store.sweep(0), 400);
});

rule(
  'SQLite lets requests run after every 25 rows of a sweep',
  async (t, tested) => {
    await put(tested, 500, () => 1);
    let iterations = 0;
    let sweeping = true;
    const count = () => {
      iterations++;
      if (sweeping) setImmediate(count);
    };
    setImmediate(count);
    t.is(await tested.store.sweep(0), 500);
    sweeping = false;
    t.true(iterations >= 500 / 25, `${iterations} iterations`);
  },
  databases.filter(({ name }) => name === 'sqlite'),
);

rule('the sweep of an operator removes all expired entries', async (t, tested) => {
  await put(tested, 510, () => 1);
  const sessions = await openSessions(settings(tested.options), { base_dir: tested.dir, log: () => {} });
  t.is(await sessions.administration.gc(), 510);
  await sessions.close();
});

rule(
  'a sweep does not wait for a row that a transaction has written',
  async (t, tested) => {
    await put(tested, 3, () => 1);
    const lock = await tested.store.acquire(key(1), REQUEST);
    const operator = await transaction(t, tested);
    await operator.query(`UPDATE ${tested.table} SET expires = 2 WHERE session_id = '${key(1)}'`);
    t.is(await tested.store.sweep(0), 2);
    await operator.query('ROLLBACK');
    await lock.release({ kind: 'keep' });
  },
  servers,
);

rule(
  'a sweep that loses each deadlock has removed nothing, and goes on with its next step',
  async (t, tested) => {
    const { operator: onlooker, store, table } = tested;
    await put(tested, 300, (number) => (number < 10 ? 1 : tested.now + HOUR));
    const operator = await transaction(t, tested);
    const write = (where: string) =>
      operator.query(`UPDATE ${table} SET atime = '2001-01-01' WHERE ${where}`);
    // In a deadlock the server rolls back the transaction that has changed fewer rows.
    await write(`session_id >= '${key(9)}'`);
    let sweeping = true;
    const swept = Promise.resolve(store.sweep(0)).finally(() => {
      sweeping = false;
    });
    const waits = `SELECT trx_id FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT' AND trx_query LIKE ?`;
    for (let number = 8; sweeping && number >= 0; ) {
      await pause(NEWS_MS);
      const waiting = await onlooker.rows(waits, [`DELETE FROM ${table}%`]);
      if (waiting.length > 0) await write(`session_id = '${key(number--)}'`);
    }
    t.is(await swept, 0);
    await operator.query('ROLLBACK');
    await store.sweep(0);
    t.is((await onlooker.rows(`SELECT session_id FROM ${table} WHERE expires = 1`, [])).length, 0);
  },
  databases.filter(({ name }) => name === 'mysql'),
);
