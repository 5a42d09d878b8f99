// The command `karrigell sessions` administers the store of a running site, over every store: its errors, and its
// output to pipes and programs.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { serializedRecord } from '../../engine/session/format/serialized-store.ts';
import { emptyRecord } from '../../engine/session/format/session-record.ts';
import { sessionKey } from '../../engine/session/request/session-id.ts';
import { folderWith } from '../folder.ts';
import { freePort } from '../free-port.ts';
import { Places } from '../places.ts';
import { PROGRAM } from '../program.ts';
import { startServer } from '../server.ts';
import type { StoreRow } from '../session/rows/row.ts';
import { closeStores, STORES } from '../session/store-rows.ts';
import { opened } from '../session/stores/databases.ts';
import { Visitor } from '../visitor.ts';
import { commandProcess } from './command-process.ts';
import { karrigell } from './karrigell.ts';

const SITE = {
  'karrigell.config.json': { persistent_session: true },
  'site/index.pih': "<% const s = Session(); s.name = 'Jean'; s.cart = [1, 2]; %>ok",
  'site/read.pih': "<%= Session().get('name', 'nobody') %>",
  'site/close.pih': '<% Session().close() %>',
};

interface Row {
  readonly id: string;
  readonly size: number | null;
  readonly created: string;
  readonly expires: string;
}

const here = STORES.filter((row) => row.persistent && row.missing === undefined && row.carried !== true);
const tested = here.filter((row) => row.lists);
const unlisted = here.filter((row) => !row.lists);
const places = new Places(3);
test.after.always(closeStores);

for (const row of tested) {
  test(`${row.name}: sessions are listed, shown masked, and deleted`, async (t) => {
    const { cwd, url } = await servedOver(t, row);
    const visitors = [new Visitor(url), new Visitor(url)];
    for (const visitor of visitors) await visitor.text('/');
    const began = Date.now();
    const command = commandProcess(t, cwd);

    const { stdout, stderr, code } = await karrigell(['sessions', 'list', '--json'], { cwd });
    t.deepEqual([code, stderr], [0, '']);
    const rows: Row[] = JSON.parse(stdout);
    t.is(rows.length, 2);
    for (const { id, size, created, expires } of rows) {
      t.regex(id, /^[0-9a-f]{12}$/);
      t.true(size === null || (size > 40 && size < 1000));
      t.true(Math.abs(Date.parse(created) - began) < 60_000);
      t.true(Math.abs(Date.parse(expires) - began - 3_960_000) < 60_000);
    }
    const full: Row[] = JSON.parse((await command(['sessions', 'list', '--json', '--full'])).stdout);
    t.deepEqual(full.map(({ id }) => id.slice(0, 12)).sort(), rows.map(({ id }) => id).sort());
    t.regex(
      (await command(['sessions', 'list'])).stdout,
      /^([0-9a-f]{12}( +\d+ B)? +created (now|\d+ (s|min) ago) +ends in 1 h\n){2}2 sessions(, \d+ B)?\n$/,
    );

    const whole = full[0]?.id ?? '';
    const id = whole.slice(0, 12);
    const masked = await command(['sessions', 'show', id]);
    t.is(masked.stdout, 'name: (text of 4 characters)\ncart: (list of 2)\n');
    const values = await command(['sessions', 'show', whole, '--values', '--json']);
    t.deepEqual(JSON.parse(values.stdout), { name: 'Jean', cart: [1, 2] });

    t.is((await command(['sessions', 'delete', id])).stdout, '1 session deleted\n');
    const names = await Promise.all(visitors.map((visitor) => visitor.text('/read')));
    t.deepEqual(names.sort(), ['Jean', 'nobody']);
    const gone = await command(['sessions', 'show', whole]);
    t.deepEqual([gone.code, gone.stdout], [1, '']);
    t.regex(gone.stderr, /^karrigell: no session begins with [0-9a-f]{64}\. [^\n]*\n$/);
    t.is((await command(['sessions', 'gc'])).stdout, '0 sessions removed\n');
    t.is((await command(['sessions', 'clear', '--json'])).stdout, '{"deleted":1}\n');
    t.is((await command(['sessions', 'list'])).stdout, '0 sessions\n');
    t.is((await command(['sessions', 'list', '--json'])).stdout, '[]\n');
  });

  test(`${row.name}: a list while visitors come and go is no failure`, async (t) => {
    const { cwd, url } = await servedOver(t, row);
    const command = commandProcess(t, cwd);
    let listing = true;
    const traffic = async () => {
      while (listing) {
        const visitor = new Visitor(url);
        await visitor.text('/');
        await visitor.text('/close');
        await pause(2);
      }
    };
    const running = traffic();
    for (const name of ['list', 'gc', 'clear']) {
      const { code, stderr } = await command(['sessions', name]);
      t.deepEqual([code, stderr], [0, '']);
    }
    listing = false;
    await running;
  });
}

for (const row of unlisted) {
  test(`${row.name}: the commands say that the store cannot list, and a session whose id is known is shown and deleted`, async (t) => {
    const { cwd, url } = await servedOver(t, row);
    const visitor = new Visitor(url);
    await visitor.text('/');
    const command = commandProcess(t, cwd);
    for (const args of [['list'], ['clear', '--yes'], ['show', 'abcd']]) {
      const { code, stdout, stderr } = await command(['sessions', ...args]);
      t.deepEqual([code, stdout], [1, ''], args[0]);
      // session-store-unlisted
      t.regex(
        stderr,
        /^karrigell: the session store '[\w-]+' cannot list what it keeps\. [^\n]*\n$/,
        args[0],
      );
    }
    const id = sessionKey(visitor.cookies.get('sessionId') ?? '');
    const shown = await command(['sessions', 'show', id]);
    t.is(shown.stdout, 'name: (text of 4 characters)\ncart: (list of 2)\n');
    t.is((await command(['sessions', 'delete', id])).stdout, '1 session deleted\n');
    t.is(await visitor.text('/read'), 'nobody');
    t.is((await karrigell(['sessions', 'gc'], { cwd })).stdout, '0 sessions removed\n');
  });
}

for (const url of [
  'redis://127.0.0.1:PORT',
  'postgres://user@127.0.0.1:PORT/x',
  'mysql://user@127.0.0.1:PORT/x',
]) {
  test(`an unavailable store is one clear line: ${url.split(':')[0]}`, async (t) => {
    const there = url.replace('PORT', String(await freePort()));
    const store = url.startsWith('redis') ? 'redis' : 'database';
    const cwd = await folderWith(t, {
      'karrigell.config.json': { persistent_session: { store, url: there } },
    });
    for (const command of [['list'], ['delete', 'ab'.repeat(32)], ['gc']]) {
      const { code, stdout, stderr } = await karrigell(['sessions', ...command], { cwd });
      t.deepEqual([code, stdout], [1, ''], command[0]);
      t.regex(stderr, /^karrigell: the session store cannot be reached: [^\n]*\n$/, command[0]);
    }
  });
}

test('an id that no session has is no-such-session', async (t) => {
  const cwd = await folderWith(t, SITE);
  for (const command of ['show', 'delete']) {
    const { code, stderr } = await karrigell(['sessions', command, 'abcdef'], { cwd });
    t.is(code, 1);
    t.regex(stderr, /no session begins with abcdef/);
  }
});

test('a text that cannot be an id is wrong usage, and the error says how ids look: session-key-invalid', async (t) => {
  const cwd = await folderWith(t, SITE);
  for (const id of ['', 'ABCD', 'nonsense', 'ab'.repeat(33)]) {
    const { code, stdout, stderr } = await karrigell(['sessions', 'show', id], { cwd });
    t.deepEqual([code, stdout], [2, '']);
    t.regex(
      stderr,
      /^karrigell: '.*' is neither the key of a stored session.*expected 1 to 64 of the digits [^\n]*\n$/,
    );
  }
});

test('a beginning of several ids shows them: session-key-ambiguous', async (t) => {
  const cwd = await withSessions(t, 2, (n) => `abc${n}`);
  const { code, stdout, stderr } = await karrigell(['sessions', 'delete', 'abc'], { cwd });
  t.deepEqual([code, stdout], [1, '']);
  t.regex(stderr, /'abc' is the beginning of several session keys: abc[01]0000000, abc[01]0000000\. Give/);
  t.is((await karrigell(['sessions', 'delete', 'abc1'], { cwd })).stdout, '1 session deleted\n');
  t.is((await karrigell(['sessions', 'delete', 'abc', '--json'], { cwd })).stdout, '{"deleted":1}\n');
});

test('with sessions in memory there is nothing to look after: sessions-in-memory', async (t) => {
  const cwd = await folderWith(t, { 'site/index.pih': '' });
  const { code, stderr } = await karrigell(['sessions', 'list'], { cwd });
  t.is(code, 1);
  t.regex(stderr, /persistent_session is false/);
});

test('a session that cannot be read is listed, and does not stop the others', async (t) => {
  const cwd = await withSessions(t, 3);
  const [folder = ''] = await subfolders(cwd);
  const [file = ''] = await readdir(folder);
  await writeFile(join(folder, file), '{"karrigell":1,"cre');
  await utimes(join(folder, file), 0, 0);
  const { code, stdout } = await karrigell(['sessions', 'list'], { cwd });
  t.is(code, 0);
  t.regex(stdout, / cannot be read +never ends\n/);
  t.regex(stdout, /\n3 sessions/);
  const cleared = await karrigell(['sessions', 'clear'], { cwd });
  t.deepEqual([cleared.code, cleared.stdout], [0, '2 sessions deleted\n']);
  t.regex(cleared.stderr, /cannot be read; it is put into quarantine/);
});

test('values that a terminal would obey are shown harmless', async (t) => {
  const cwd = await folderWith(t, {
    ...SITE,
    'site/index.pih':
      "<% const s = Session(); s['\\u001b[2J'] = '\\u009b2J'; s.big = 5n; s.map = new Map([[1, 2]]); s.constructor = null; s.gone = undefined %>",
  });
  const server = await startServer({ site: join(cwd, 'site') });
  t.teardown(() => server.stop());
  await new Visitor(server.url).text('/');
  const [row]: Row[] = JSON.parse((await karrigell(['sessions', 'list', '--json'], { cwd })).stdout);
  const masked = await karrigell(['sessions', 'show', row?.id ?? ''], { cwd });
  t.is(
    masked.stdout,
    '"\\u001b[2J": (text of 3 characters)\nbig: (bigint)\nmap: (Map of 1)\nconstructor: (null)\ngone: (undefined)\n',
  );
  const values = await karrigell(['sessions', 'show', row?.id ?? '', '--values'], { cwd });
  t.is(
    values.stdout,
    '"\\u001b[2J": "\\u009b2J"\nbig: "5n"\nmap: [[1,2]]\nconstructor: null\ngone: undefined\n',
  );
});

for (const json of [[], ['--json']]) {
  test(`a list ends if its reader closes the pipe early: ${json[0] ?? 'text'}`, async (t) => {
    const cwd = await withSessions(t, 3000);
    const child = spawn(process.execPath, [PROGRAM, 'sessions', 'list', ...json], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const errors: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
    const ended = once(child, 'close');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    t.deepEqual(await ended, [0, null]);
    t.deepEqual(errors, []);
  });
}

test('a list that fills the disk fails', async (t) => {
  const cwd = await withSessions(t, 3);
  const child = spawn(
    '/bin/sh',
    ['-c', 'exec "$0" "$1" sessions list > /dev/full', process.execPath, PROGRAM],
    {
      cwd,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const [code] = await once(child, 'close');
  t.is(code, 1);
});

test('Ctrl-C stops clear in order: clear prints the count of deleted sessions, and leaves no lock', async (t) => {
  const cwd = await withSessions(t, 4000);
  const folders = await subfolders(cwd);
  const child = spawn(process.execPath, [PROGRAM, 'sessions', 'clear'], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = once(child, 'close');
  const watching = watch(folders[0] ?? '');
  await once(watching, 'change');
  watching.close();
  child.kill('SIGINT');
  t.deepEqual(await ended, [130, null]);
  t.is(errors, '');
  const deleted = Number(/^(\d+) sessions? deleted, then it was stopped\n$/.exec(out)?.[1]);
  const left = (await Promise.all(folders.map((folder) => readdir(folder)))).flat();
  const { stdout } = await karrigell(['sessions', 'list'], { cwd });
  t.regex(stdout, new RegExp(`\\n${4000 - deleted} sessions,`));
  t.deepEqual(
    left.filter((name) => !name.endsWith('.json')),
    [],
  );
});

test('Ctrl-C stops clear over SQLite, too, whose statements wait for nothing', async (t) => {
  const cwd = await folderWith(t, {
    'site/index.pih': '',
    'karrigell.config.json': '{"persistent_session":{"store":"database","url":"sqlite:sessions.db"}}',
  });
  await karrigell(['sessions', 'list'], { cwd });
  const operator = await opened('sqlite:sessions.db', cwd);
  t.teardown(() => operator.close());
  const content = serializedRecord(emptyRecord(Date.now()));
  const rows = Array.from(
    { length: 20_000 },
    (_, n) => `('${n.toString(16).padStart(64, '0')}', '${content}')`,
  );
  await operator.count(`INSERT INTO session (session_id, data) VALUES ${rows.join(', ')}`, []);
  const child = spawn(process.execPath, [PROGRAM, 'sessions', 'clear'], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const out = textOf(child.stdout);
  const deleted = `SELECT session_id FROM session WHERE data LIKE '{"removed"%' LIMIT 1`;
  while ((await operator.rows(deleted, [])).length === 0) await pause(5);
  child.kill('SIGINT');
  t.deepEqual(await ended, [130, null]);
  t.regex(await out, /^\d+ sessions? deleted, then it was stopped\n$/);
});

const withTerminal = process.platform === 'linux' ? test : test.skip; // script(1) of util-linux gives a terminal

withTerminal('on a terminal clear asks, and shows how far it has come', async (t) => {
  const cwd = await withSessions(t, 300);
  const no = await onTerminal(cwd, ['clear'], 'n\r');
  t.is(no.code, 1);
  t.regex(no.shown, /Delete all sessions in json \(\.karrigell\/sessions\)\? \[y\/N\] /);
  for (const key of ['\u0004', '\u0003']) {
    const left = await onTerminal(cwd, ['clear'], key);
    t.is(left.code, 1);
    t.regex(left.shown, /nothing was deleted\. Answer y, or give --yes\./); // sessions-kept
    t.notRegex(left.shown, /AbortError/);
  }
  t.regex((await karrigell(['sessions', 'list'], { cwd })).stdout, /\n300 sessions,/);
  const yes = await onTerminal(cwd, ['clear'], 'y\r');
  t.is(yes.code, 0);
  t.regex(yes.shown, /\rdeleting sessions \[=* *\] \d+ %.*\r<escape>\[K300 sessions deleted\r\n$/s);
});

withTerminal('on a terminal clear --yes asks nothing, and --json shows no progress', async (t) => {
  const cwd = await withSessions(t, 20);
  const { code, shown } = await onTerminal(cwd, ['clear', '--yes', '--json'], '');
  t.deepEqual([code, shown], [0, '{"deleted":20}\r\n']);
});

withTerminal('a list on a terminal has no progress between its lines', async (t) => {
  const cwd = await withSessions(t, 2);
  const { shown } = await onTerminal(cwd, ['list'], '');
  t.regex(shown, /^([0-9a-f]{12} .*\r\n){2}2 sessions, \d+ B\r\n$/);
  const masked = await onTerminal(cwd, ['list', '>', '/dev/null'], '');
  t.regex(masked.shown, /^\rlisting sessions \[=* *\] \d+ %<escape>\[K\r<escape>\[K$/);
});

/** A served site with a place of its own in a store. */
async function servedOver(t: ExecutionContext, row: StoreRow): Promise<{ cwd: string; url: string }> {
  await places.take();
  t.teardown(() => places.leave());
  const cwd = await folderWith(t, SITE);
  const place = await row.place(cwd);
  await writeFile(
    join(cwd, 'karrigell.config.json'),
    JSON.stringify({ persistent_session: place.config, session: { cookie: { secure: false } } }),
  );
  const server = await startServer({ site: join(cwd, 'site') });
  t.teardown(async () => {
    await server.stop();
    await place.remove();
  });
  return { cwd, url: server.url };
}

/** A folder with this number of equal JSON sessions that never expire. */
async function withSessions(
  t: ExecutionContext,
  count: number,
  beginning = (n: number): string => `a0${n.toString(16).padStart(6, '0')}`,
): Promise<string> {
  const cwd = await folderWith(t, SITE);
  const content = `{"karrigell":1,"created":"2026-01-01T00:00:00.000Z","data":{"a":1}}\n`;
  const keys = Array.from({ length: count }, (_, n) => beginning(n).padEnd(64, '0'));
  for (const key of keys) {
    const folder = join(cwd, '.karrigell/sessions', key.slice(0, 2));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${key}.json`), content);
    await utimes(join(folder, `${key}.json`), 0, 0);
  }
  return cwd;
}

async function subfolders(cwd: string): Promise<string[]> {
  const folder = join(cwd, '.karrigell/sessions');
  return (await readdir(folder)).filter((name) => name.length === 2).map((name) => join(folder, name));
}

/** Runs `karrigell sessions` on a terminal; the answer is typed when it asks. */
async function onTerminal(
  cwd: string,
  args: readonly string[],
  typed: string,
): Promise<{ code: number | null; shown: string }> {
  const command = `'${process.execPath}' '${PROGRAM}' sessions ${args.join(' ')}`;
  const { NO_COLOR: _, ...env } = process.env;
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd, env: { ...env, TERM: 'xterm' } });
  let shown = '';
  let asked = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    if (asked || !shown.includes('[y/N]')) return;
    asked = true;
    child.stdin.write(typed);
  });
  await once(child, 'close');
  return { code: child.exitCode, shown: shown.replaceAll('\u001b', '<escape>') };
}
