// The database store: the contract of every store on each database, and what only a table that is shared by many
// processes can do wrong. Servers that are not there are said once; where CI is true they must be there.

import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Problem } from '../../../engine/diagnostics/problem.ts';
import { isUnavailable } from '../../../engine/session/session-errors.ts';
import { DatabaseDriver } from '../../../engine/session/stores/database/database-driver.ts';
import { openDatabaseStore } from '../../../engine/session/stores/database/open-database-store.ts';
import { statementsFor } from '../../../engine/session/stores/database/session-statements.ts';
import type { SqlDatabase, SqlValue } from '../../../engine/session/stores/database/sql-database.ts';
import { LockingStore } from '../../../engine/session/stores/locking/locking-store.ts';
import { loadOptionalPackage } from '../../../engine/session/stores/optional-package.ts';
import { missingHere } from '../../missing-here.ts';
import { serveSite } from '../../site-fixture.ts';
import { Visitor as Browser } from '../../visitor.ts';
import { set, TestSite, Visitor } from '../site.ts';
import { change, REQUEST, storeContract } from './contract.ts';
import { another, databaseRule, HOUR, KEY, openTested, type TestedDatabase } from './database-store.ts';
import { findDatabases, opened, Way } from './databases.ts';

const { found: databases, missing } = await findDatabases();

for (const { name, url } of missing) missingHere(`${name}: no server answers at ${url}`);

const servers = databases.filter(({ name }) => name !== 'sqlite');
const files = databases.filter(({ name }) => name === 'sqlite');

const rule = (
  title: string,
  run: (t: ExecutionContext, tested: TestedDatabase) => Promise<void>,
  kinds = databases,
) => databaseRule(title, run, kinds);

for (const kind of databases) storeContract(kind.name, () => openTested(kind));

rule('a page takes two statements, on MySQL three, and a read-only one a single one', async (t, tested) => {
  const { operator, options, dir } = tested;
  const asked: string[] = [];
  const counted = <T>(ask: (statement: string, values: readonly SqlValue[]) => Promise<T>) => {
    return (statement: string, values: readonly SqlValue[]) => {
      asked.push(statement.slice(0, 6));
      return ask.call(operator, statement, values);
    };
  };
  const database: SqlDatabase = {
    dialect: operator.dialect,
    rows: counted(operator.rows),
    count: counted(operator.count),
    failureOf: (error) => operator.failureOf(error),
    close: async () => {},
  };
  const driver = new DatabaseDriver({ database, name: options.table, autoCreate: false });
  const store = new LockingStore(driver, 'counted', { base_dir: dir, log: () => {}, now: () => tested.now });
  await store.open();
  t.teardown(() => store.close());
  await store.create(KEY, 'one', 0);
  asked.length = 0;
  const lock = await store.acquire(KEY, { ...REQUEST, mayCreate: false });
  await lock.release({ kind: 'write', content: 'two', deadline: 0 });
  t.deepEqual(asked, operator.dialect.returning ? ['UPDATE', 'UPDATE'] : ['UPDATE', 'SELECT', 'UPDATE']);
  asked.length = 0;
  t.like(await store.read(KEY), { content: 'two' });
  t.deepEqual(asked, ['SELECT']);
});

rule('the table has the columns session_id, atime and data with their meanings', async (t, tested) => {
  await tested.store.create(KEY, '{"a":1}', 0);
  const before = `UPDATE ${tested.table} SET atime = '2001-01-01 00:00:00' WHERE session_id = ?`;
  t.is(await tested.operator.count(before, [KEY]), 1);
  await change(tested.store, KEY, { kind: 'write', content: '{"a":2}', deadline: 0 });
  const recent = `SELECT session_id, data FROM ${tested.table} WHERE session_id = ? AND atime > '2026-01-01 00:00:00'`;
  const rows = await tested.operator.rows(recent, [KEY]);
  t.deepEqual({ ...rows[0] }, { session_id: KEY, data: '{"a":2}' });
});

rule(
  'one request at a time holds a lock, and its release lets the next one acquire it',
  async (t, tested) => {
    const store = await another(t, tested);
    await tested.store.create(KEY, '0', 0);
    const lock = await tested.store.acquire(KEY, REQUEST);
    let order = 'waits';
    const other = Promise.resolve(store.acquire(KEY, REQUEST)).then((taken) => {
      order += ', takes';
      return taken;
    });
    await store.read(KEY);
    order += ', commits';
    await lock.release({ kind: 'write', content: '1', deadline: 0 });
    const taken = await other;
    t.is(order, 'waits, commits, takes');
    t.deepEqual(taken.entry, { state: 'live', content: '1', deadline: 0 });
    await taken.release({ kind: 'keep' });
  },
);

rule('first writes of two processes go into one entry', async (t, tested) => {
  const store = await another(t, tested);
  const lock = await tested.store.acquire(KEY, REQUEST);
  const other = store.acquire(KEY, REQUEST);
  await lock.release({ kind: 'create', content: 'one', deadline: 0 });
  const taken = await other;
  t.deepEqual(taken.entry, { state: 'live', content: 'one', deadline: 0 });
  await taken.release({ kind: 'keep' });
});

rule('a lock without a new entry leaves no row', async (t, tested) => {
  const rows = `SELECT session_id FROM ${tested.table} WHERE session_id = ?`;
  const lock = await tested.store.acquire(KEY, REQUEST);
  await lock.release({ kind: 'keep' });
  t.deepEqual(await tested.operator.rows(rows, [KEY]), []);
  const unknown = await tested.store.acquire(KEY, { ...REQUEST, mayCreate: false });
  t.deepEqual(unknown.entry, { state: 'absent' });
  t.deepEqual(await tested.operator.rows(rows, [KEY]), []);
  t.is(await unknown.release({ kind: 'keep' }), 'done');
});

rule('session-lock-lost: a request whose lock another one has acquired writes nothing', async (t, tested) => {
  const store = await another(t, tested);
  await tested.store.create(KEY, 'one', 0);
  for (const late of ['write', 'create'] as const) {
    const lock = await tested.store.acquire(KEY, REQUEST);
    const expire = `UPDATE ${tested.table} SET lock_until = 1 WHERE session_id = ?`;
    await tested.operator.count(expire, [KEY]);
    const thief = await store.acquire(KEY, REQUEST);
    t.is(await lock.release({ kind: late, content: 'two', deadline: 0 }), 'lost');
    t.deepEqual(thief.entry, { state: 'live', content: 'one', deadline: 0 });
    t.is(await thief.release({ kind: 'keep' }), 'done');
  }
  t.is((await tested.store.read(KEY)).state, 'live');
});

rule('a row that an operator deletes meanwhile is not written back', async (t, tested) => {
  await tested.store.create(KEY, 'one', 0);
  const lock = await tested.store.acquire(KEY, REQUEST);
  await tested.operator.count(`DELETE FROM ${tested.table} WHERE session_id = ?`, [KEY]);
  t.is(await lock.release({ kind: 'write', content: 'two', deadline: 0 }), 'gone');
  t.deepEqual(await tested.store.read(KEY), { state: 'absent' });
});

rule(
  'session-locked: the error of a request that waits too long names the page that holds the lock',
  async (t, tested) => {
    const lock = await tested.store.acquire(KEY, { page: 'slow page: é.pih', timeoutSeconds: 5 });
    const store = await another(t, tested);
    const problem = await t.throwsAsync(
      async () => store.acquire(KEY, { page: 'b.pih', timeoutSeconds: 600, waitedSeconds: 599.95 }),
      { instanceOf: Problem },
    );
    t.is(problem?.code, 'session-locked');
    t.regex(problem?.message ?? '', /'slow page: é\.pih' has held it for \d/);
    await lock.release({ kind: 'keep' });
  },
);

rule('session-visitor-left: a request whose visitor leaves stops waiting', async (t, tested) => {
  const lock = await tested.store.acquire(KEY, REQUEST);
  const leaving = new AbortController();
  const waiting = Promise.resolve(tested.store.acquire(KEY, { ...REQUEST, signal: leaving.signal }));
  leaving.abort();
  const problem = await t.throwsAsync(waiting, { instanceOf: Problem });
  t.is(problem?.code, 'session-visitor-left');
  await lock.release({ kind: 'keep' });
});

rule('a long page keeps its lock: the lease is renewed', async (t, tested) => {
  await tested.store.create(KEY, 'one', 0);
  const lock = await tested.store.acquire(KEY, REQUEST);
  const lockRow = `SELECT lock_token, lock_until FROM ${tested.table} WHERE session_id = ?`;
  const read = async () => (await tested.operator.rows(lockRow, [KEY]))[0];
  const until = Number((await read())?.lock_until);
  while (Number((await read())?.lock_until) === until) await new Promise((again) => setTimeout(again, 10));
  t.true(Number((await read())?.lock_until) > until);
  t.is(await lock.release({ kind: 'keep' }), 'done');
  t.is((await read())?.lock_token, null);
});

rule('a row of a lock whose process has died is no entry, and is removed', async (t, tested) => {
  const { store, operator, table } = tested;
  await store.acquire(KEY, REQUEST);
  for await (const { key } of store.list()) t.fail(key);
  t.is((await store.read(KEY)).state, 'absent');
  t.is(await store.sweep(0), 0);
  const other = await another(t, tested);
  await operator.count(`UPDATE ${table} SET lock_token = 'dead', lock_until = 1`, []);
  const lock = await other.acquire(KEY, REQUEST);
  t.deepEqual(lock.entry, { state: 'absent' });
  await operator.count(`UPDATE ${table} SET lock_token = 'dead', lock_until = 1`, []);
  t.is(await store.sweep(0), 1);
  t.is(await lock.release({ kind: 'write', content: 'two', deadline: 0 }), 'gone');
});

rule(
  'session-database-refused: a new entry that the table refuses is an error',
  async (t, tested) => {
    await t.throwsAsync(async () => tested.store.create('x'.repeat(200), 'one', 0), {
      instanceOf: Problem,
      code: 'session-database-refused',
    });
  },
  servers,
);

rule('processes that open the table at the same moment get the same secret', async (t, tested) => {
  const table = `${tested.options.table}_n`;
  const stores = await Promise.all([1, 2, 3, 4].map(() => another(t, tested, { table })));
  t.teardown(() => tested.operator.count(`DROP TABLE ${tested.operator.dialect.quoted(table)}`, []));
  const secrets = new Set(stores.map(({ secret }) => Buffer.from(secret).toString('hex')));
  t.is(secrets.size, 1);
});

rule('a damaged secret is replaced', async (t, tested) => {
  const whole = Buffer.alloc(32, 7);
  const written = [
    `${whole.toString('base64url')}=`,
    `${whole.toString('base64url')}\n`,
    whole.toString('base64'),
  ];
  for (const damaged of ['', 'short', ...written]) {
    await tested.operator.count(`UPDATE ${tested.table} SET data = ? WHERE session_id = 'secret'`, [damaged]);
    const { secret } = await another(t, tested);
    t.is(secret.length, 32);
    const [row] = await tested.operator.rows(
      `SELECT data FROM ${tested.table} WHERE session_id = 'secret'`,
      [],
    );
    t.is(String(row?.data), Buffer.from(secret).toString('base64url'));
  }
});

rule('session-table-missing: a table that may not be made is asked for with its SQL', async (t, tested) => {
  const options = { table: 'karrigell_test_none', auto_create: false };
  const problem = await t.throwsAsync(another(t, tested, options), { instanceOf: Problem });
  t.is(problem?.code, 'session-table-missing');
  t.regex(problem?.remedy ?? '', /CREATE TABLE .*karrigell_test_none/s);
  await another(t, tested, { auto_create: false });
});

rule('session-database-refused: a table of other columns is a clear problem', async (t, tested) => {
  const table = `${tested.options.table}_o`;
  const quoted = tested.operator.dialect.quoted(table);
  await tested.operator.count(`CREATE TABLE ${quoted} (session_id int)`, []);
  t.teardown(() => tested.operator.count(`DROP TABLE ${quoted}`, []));
  const problem = await t.throwsAsync(another(t, tested, { table }), { instanceOf: Problem });
  t.is(problem?.code, 'session-database-refused');
  t.regex(problem?.message ?? '', /data/);
});

rule('no statement reads the whole table, not even the sweep', async (t, tested) => {
  const { operator, table, options } = tested;
  const rows = Array.from(
    { length: 5000 },
    (_, i) => `('${i.toString(16).padStart(64, '0')}', '{}', ${i + 1})`,
  );
  await operator.count(`INSERT INTO ${table} (session_id, data, expires) VALUES ${rows.join(', ')}`, []);
  await operator.count(`ANALYZE ${operator.dialect.returning ? '' : 'TABLE '}${table}`, []);
  const { add, acquireAbsent, size, sweep, ...others } = statementsFor(operator.dialect, options.table);
  const { find, remove } = sweep;
  const swept = find === undefined ? { byDeadline: remove } : { byDeadline: find, byKeys: remove };
  // libsql never ends a statement that explains: it is asked on a connection of its own.
  const onlooker = await opened(options.url, tested.dir);
  t.teardown(() => onlooker.close());
  const explain = options.url.startsWith('sqlite:') ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN';
  for (const [name, statement] of Object.entries({ ...others, ...swept })) {
    const values = Array.from(statement.matchAll(/(<= )?\?/g), ([, before]) => (before ? 10 : '1'));
    const plan = JSON.stringify(await onlooker.rows(`${explain} ${statement}`, values));
    t.notRegex(plan, /Seq Scan|SCAN |"type":"(ALL|index)"/, `${name}: ${plan}`);
    if (name === 'byDeadline') t.regex(plan, /_expires/);
  }
});

rule('a listing goes through tables of any size', async (t, tested) => {
  const keys = Array.from({ length: 250 }, (_, index) => index.toString(16).padStart(64, '0'));
  const rows = keys.map((key) => `('${key}', 'x')`).join(', ');
  await tested.operator.count(`INSERT INTO ${tested.table} (session_id, data) VALUES ${rows}`, []);
  const listed = [];
  for await (const { key, size } of tested.store.list()) {
    listed.push(key);
    t.is(size, 1);
  }
  t.deepEqual(listed, keys);
});

rule(
  'an entry that cannot be read stays in the table for the operator, under another name',
  async (t, tested) => {
    for (const content of ['{"cut', '{"again']) {
      await tested.store.create(KEY, content, 0);
      t.is(await change(tested.store, KEY, { kind: 'quarantine' }), 'done');
    }
    const damaged = `SELECT data FROM ${tested.table} WHERE session_id = '${KEY}.damaged'`;
    const rows = await tested.operator.rows(damaged, []);
    t.deepEqual(
      rows.map(({ data }) => data),
      ['{"again'],
    );
    for await (const entry of tested.store.list()) t.fail(entry.key);
  },
);

rule(
  'a move that the database refuses in part has changed nothing',
  async (t, tested) => {
    await tested.store.create(KEY, 'one', 0);
    const to = 'x'.repeat(200);
    const move = { kind: 'move', to, content: 'two', deadline: 0, until: tested.now + HOUR } as const;
    const problem = await t.throwsAsync(async () => change(tested.store, KEY, move), { instanceOf: Problem });
    t.is(problem?.code, 'session-database-refused');
    t.deepEqual(await tested.store.read(KEY), { state: 'live', content: 'one', deadline: 0 });
    t.is(await change(tested.store, KEY, { kind: 'write', content: 'three', deadline: 0 }), 'done');
  },
  servers,
);

rule('a move that lost its lock leaves nothing under the new key', async (t, tested) => {
  const store = await another(t, tested);
  await store.create(KEY, 'one', 0);
  const lock = await store.acquire(KEY, REQUEST);
  await tested.operator.count(`UPDATE ${tested.table} SET lock_token = 'x' WHERE session_id = ?`, [KEY]);
  const to = 'cd'.repeat(32);
  t.is(
    await lock.release({ kind: 'move', to, content: 'two', deadline: 0, until: tested.now + HOUR }),
    'lost',
  );
  t.deepEqual(await store.read(to), { state: 'absent' });
  t.deepEqual(await store.read(KEY), { state: 'live', content: 'one', deadline: 0 });
});

rule(
  'uliweb, web.py: a session lives in the table from page to page, until it is closed',
  async (t, tested) => {
    const { dir } = tested;
    const site = new TestSite(dir, { dir, config: tested.options, remove: async () => undefined });
    await site.open();
    const visitor = new Visitor();
    await site.visit(visitor, (s) => set(s, 'cart', new Map([['pear', 2n]])));
    const { id } = visitor;
    await site.visit(visitor, (s) => {
      s.regenerate();
      set(s, 'name', 'é\u0000😀');
    });
    t.not(visitor.id, id);
    await site.sessions.close();
    await site.open();
    await Promise.all(
      Array.from({ length: 20 }, () =>
        site.visit(visitor.twin(), (s) => set(s, 'count', Number(s.get('count', 0)) + 1)),
      ),
    );
    await site.visit(visitor, (s) => {
      t.deepEqual(s.cart, new Map([['pear', 2n]]));
      t.is(s.name, 'é\u0000😀');
      t.is(s.count, 20);
      s.close();
    });
    t.is(await site.sessions.administration.clear(), 0);
    await site.sessions.close();
  },
);

const PAGES = {
  'plain.pih': '<p>plain</p>',
  'count.pih': "<% const s = Session(); s.count = s.get('count', 0) + 1 %><p><%= s.count %></p>",
};

/** The result of a call, which is made again until the store can be used. */
async function onceBack<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      await new Promise((again) => setTimeout(again, 10));
    }
  }
}

/** The text of the counting page, which is asked for again until its store can be used. */
async function textOnceBack(visitor: Browser): Promise<string> {
  for (;;) {
    const response = await visitor.get('/count');
    if (response.status !== 503) return response.text();
    await new Promise((again) => setTimeout(again, 10));
  }
}

rule(
  'session-store-unavailable: a site starts without its server and uses it when it answers',
  async (t, tested) => {
    const way = new Way(tested.options.url);
    await way.mend();
    await way.cut();
    t.teardown(() => way.cut());
    const site = await serveSite(t, PAGES, { persistent_session: { ...tested.options, url: way.url } });
    t.is(site.logged.length, 1);
    t.regex(site.logged[0]?.message ?? '', /cannot be reached: .*; the site starts without it/);
    const visitor = new Browser(site.url);
    t.is((await visitor.get('/count')).status, 503);
    t.regex(await visitor.text('/plain'), /plain/);
    await way.mend();
    t.regex(await textOnceBack(visitor), /<p>1<\/p>/);
    await way.cut();
    t.is((await visitor.get('/count')).status, 503);
    t.regex(await visitor.text('/plain'), /plain/);
    await way.mend();
    t.regex(await textOnceBack(visitor), /<p>2<\/p>/);
    t.true(site.logged.every(({ message }) => !message.includes('secret')));
  },
  servers,
);

rule(
  'a server that does not answer is unavailable, and asked again until it does',
  async (t, tested) => {
    const way = new Way(tested.options.url);
    await way.mend();
    t.teardown(() => way.cut());
    const store = await another(t, tested, { url: way.url });
    await store.create(KEY, 'one', 0);
    const lock = await store.acquire(KEY, REQUEST);
    way.hang();
    const late = Promise.resolve(lock.release({ kind: 'write', content: 'two', deadline: 0 }));
    const problems = [
      await t.throwsAsync(late, { instanceOf: Problem }),
      await t.throwsAsync(async () => store.read(KEY), { instanceOf: Problem }),
    ];
    t.deepEqual(
      problems.map((problem) => [problem?.code, problem?.status]),
      [
        ['session-store-unavailable', 503],
        ['session-store-unavailable', 503],
      ],
    );
    t.is(await store.sweep(0), 0);
    await way.cut();
    await way.mend();
    const state = async () => (await store.read(KEY)).state;
    while ((await state().catch(() => 'away')) === 'away')
      await new Promise((again) => setTimeout(again, 10));
    t.is(await state(), 'live');
  },
  servers,
);

rule(
  'connections that the server ends are replaced',
  async (t, tested) => {
    const way = new Way(tested.options.url);
    await way.mend();
    t.teardown(() => way.cut());
    const store = await another(t, tested, { url: way.url });
    for (let times = 0; times < 3; times++) {
      const reads = Array.from({ length: 20 }, () => store.read(KEY));
      await Promise.allSettled([...reads, way.cut()]);
      await way.mend();
      t.deepEqual(await onceBack(async () => store.read(KEY)), { state: 'absent' });
    }
  },
  servers,
);

rule(
  'the files have rights for this user alone, and are never served',
  async (t, tested) => {
    const file = path.join(tested.dir, 'data', 'sessions.db');
    t.is((await stat(path.dirname(file))).mode & 0o777, 0o700);
    t.is((await stat(file)).mode & 0o777, 0o600);
    const url = 'sqlite:site/sessions.db';
    const site = await serveSite(t, PAGES, { persistent_session: { store: 'database', url } });
    t.regex(await site.text('/count'), /<p>1<\/p>/);
    t.is((await site.get('/sessions.db')).status, 404);
    t.is((await site.get('/sessions.db-wal')).status, 404);
  },
  files,
);

rule(
  'the write-ahead log goes into the file in small pieces, so that no page waits for the disk for long',
  async (t, tested) => {
    const content = 'x'.repeat(2000);
    for (let n = 0; n < 1000; n++) await tested.store.create(n.toString(16).padStart(64, '0'), content, 0);
    const { size } = await stat(path.join(tested.dir, 'data', 'sessions.db-wal'));
    t.true(size < 1_500_000, String(size));
  },
  files,
);

rule(
  'a write waits for a write of another process without blocking the event loop',
  async (t, tested) => {
    await tested.operator.count('BEGIN IMMEDIATE', []);
    let ticks = 0;
    const created = Promise.resolve(tested.store.create(KEY, 'one', 0));
    for (; ticks < 3; ticks++) await new Promise((next) => setImmediate(next));
    await tested.operator.count('COMMIT', []);
    await created;
    t.is((await tested.store.read(KEY)).state, 'live');
  },
  files,
);

rule(
  'a write that the table refuses does not undo others of the same moment',
  async (t, { store, operator, table }) => {
    const refusal = `CREATE TRIGGER no BEFORE INSERT ON ${table} WHEN NEW.data = 'no' BEGIN SELECT RAISE(ABORT, 'no'); END`;
    await operator.count(refusal, []);
    const other = 'cd'.repeat(32);
    const results = await Promise.allSettled([
      store.create('ef'.repeat(32), 'no', 0),
      store.create(KEY, 'one', 0),
      store.create(other, 'two', 0),
    ]);
    t.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'fulfilled', 'fulfilled'],
    );
    t.like(await store.read(KEY), { content: 'one' });
    t.like(await store.read(other), { content: 'two' });
    await operator.count(`DROP TABLE ${table}`, []);
    // The statement that makes the table meets one that lacks it.
    t.is(await change(store, KEY, { kind: 'create', content: 'again', deadline: 0 }), 'done');
    t.like(await store.read(KEY), { content: 'again' });
  },
  files,
);

rule(
  'session-store-unavailable: a file that stays locked is unavailable',
  async (t, tested) => {
    await tested.operator.count('BEGIN IMMEDIATE', []);
    const problem = await t.throwsAsync(async () => tested.store.create(KEY, 'one', 0), {
      instanceOf: Problem,
    });
    t.is(problem?.code, 'session-store-unavailable');
    await tested.operator.count('COMMIT', []);
  },
  files,
);

rule(
  'a write that timed out because the file was locked does not hold back later writes',
  async (t, tested) => {
    const other = 'cd'.repeat(32);
    await tested.store.create(KEY, 'one', 0);
    await tested.operator.count('BEGIN IMMEDIATE', []);
    await t.throwsAsync(async () => tested.store.touch(KEY, tested.now + 1000, 0), { instanceOf: Problem });
    await tested.operator.count('COMMIT', []);
    await tested.store.create(other, 'two', 0);
    const data = `SELECT data FROM ${tested.table} WHERE session_id = ?`;
    const seen = await tested.operator.rows(data, [other]);
    t.deepEqual(
      seen.map(({ data }) => data),
      ['two'],
    );
  },
  files,
);

const WRONG = {
  url: [undefined, 5, '', 'redis://127.0.0.1', 'postgres://host', 'mysql:', 'sqlite:'],
  table: ['', 'a b', 'a"; DROP TABLE b', '1a', 'é', 'a'.repeat(49), 5],
  auto_create: ['yes'],
};
for (const [option, values] of Object.entries(WRONG)) {
  test(`session-store-option: ${option} is checked`, async (t) => {
    for (const value of values) {
      const options = { store: 'database', url: 'sqlite:never.db', [option]: value };
      const opening = openDatabaseStore(options, { base_dir: tmpdir(), log: () => {} });
      const problem = await t.throwsAsync(opening, { instanceOf: Problem });
      t.is(problem?.code, 'session-store-option', String(value));
      t.true(problem?.message.includes(`'${option}'`));
    }
  });
}

test('a file that cannot be opened is a clear problem for each cause', async (t) => {
  const dir = await mkdtemp(path.join(tmpdir(), 'karrigell-database-'));
  t.teardown(() => rm(dir, { recursive: true }));
  await writeFile(path.join(dir, 'text'), 'a text that is long enough to be taken for a database'.repeat(20));
  const opening = async (file: string) => {
    const options = { store: 'database', url: `sqlite:${path.join(dir, file)}` };
    const store = openDatabaseStore(options, { base_dir: dir, log: () => {} });
    return t.throwsAsync(store, { instanceOf: Problem });
  };
  const text = await opening('text');
  t.is(text?.code, 'session-database-refused');
  t.regex(text?.message ?? '', /not a database/);
  const below = await opening('text/below.db');
  t.is(below?.code, 'session-store-failed');
  t.regex(below?.message ?? '', /E(EXIST|NOTDIR): .*text/);
});

test('start-up names the database without its password', async (t) => {
  const options = { store: 'database', url: 'postgres://me:hunter2@127.0.0.1:1/db', table: 'visits' };
  const log: string[] = [];
  const { store, description } = await openDatabaseStore(options, {
    base_dir: tmpdir(),
    log: (_, message) => log.push(message),
  });
  await store.close();
  t.is(description, 'database (postgres://127.0.0.1:1/db, table visits)');
  t.regex(log.join(), /ECONNREFUSED/);
  t.notRegex(log.join(), /hunter2/);
});

test('session-driver-missing: a driver comes from the site itself, else from karrigell, else is asked for', async (t) => {
  const dir = await mkdtemp(path.join(tmpdir(), 'karrigell-driver-'));
  t.teardown(() => rm(dir, { recursive: true }));
  const own = path.join(dir, 'node_modules', 'pg');
  await mkdir(own, { recursive: true });
  await writeFile(path.join(own, 'index.js'), "module.exports = 'the site'");
  t.is(loadOptionalPackage<string>({ store: 'database', module: 'pg', base_dir: dir }), 'the site');
  t.is(
    typeof loadOptionalPackage<object>({ store: 'database', module: 'mysql2/promise', base_dir: dir }),
    'object',
  );
  const problem = t.throws(
    () => loadOptionalPackage({ store: 'database', module: 'no-such-driver/sub', base_dir: dir }),
    {
      instanceOf: Problem,
    },
  );
  t.is(problem?.code, 'session-driver-missing');
  t.is(problem?.remedy, 'Run: npm install no-such-driver');
});
