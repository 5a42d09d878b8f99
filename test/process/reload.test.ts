// Reloading the configuration while the server runs.

import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { configFrom } from '../../config/load-config.ts';
import type { Config, ConfigInput } from '../../config/schema.ts';
import { reloader } from '../../engine/process/reload.ts';
import { folderWith } from '../folder.ts';
import { program } from './program.ts';

const FILES = { 'karrigell.config.json': { log: false }, 'site/index.pih': '<%= CONFIG.max_sessions %>' };

test('a saved configuration is applied; settings that need a restart are named', async (t) => {
  const cwd = await folderWith(t, FILES);
  const { url, printed } = await program(t, cwd, [], { NODE_ENV: 'production' });
  t.is(await (await fetch(url)).text(), '1000');
  await printed(/sessions/);
  const file = join(cwd, 'karrigell.config.json');
  await writeFile(file, '{"log": false, "max_sessions": 5, "persistent_session": true, "host": "localhost"}');
  t.regex(await printed(/warning: .*\n/), /host and persistent_session will change with the next start/);
  t.is(await (await fetch(url)).text(), '5');
});

test('a file that an editor replaces by renaming is noticed too', async (t) => {
  const cwd = await folderWith(t, FILES);
  const { url, printed } = await program(t, cwd);
  await printed(/sessions/);
  await writeFile(join(cwd, 'new.json'), '{"log": false, "max_sessions": 6}');
  await rename(join(cwd, 'new.json'), join(cwd, 'karrigell.config.json'));
  await printed(/configuration reloaded/);
  t.is(await (await fetch(url)).text(), '6');
});

test('a broken configuration keeps the old settings and says where it is broken', async (t) => {
  const cwd = await folderWith(t, FILES);
  const { url, printed } = await program(t, cwd);
  await printed(/sessions/);
  await writeFile(join(cwd, 'karrigell.config.json'), '{\n"max_sessions": "many"\n}');
  await printed(
    /error: the configuration was not reloaded, the old settings stay\n.*karrigell\.config\.json:2:17: .*max_sessions is "many"/,
  );
  await printed(/> 2 \| "max_sessions": "many"/);
  t.is(await (await fetch(url)).text(), '1000');
});

test('SIGHUP reloads without a watch, and no request is lost', async (t) => {
  const cwd = await folderWith(t, { ...FILES, 'karrigell.config.json': { log: false, watch: false } });
  const { url, child, printed } = await program(t, cwd);
  await printed(/sessions/);
  await writeFile(join(cwd, 'karrigell.config.json'), '{"log": false, "watch": false, "max_sessions": 7}');
  const during = Array.from({ length: 20 }, () => fetch(url).then((answer) => answer.status));
  child.kill('SIGHUP');
  await printed(/configuration reloaded/);
  t.deepEqual(new Set(await Promise.all(during)), new Set([200]));
  t.is(await (await fetch(url)).text(), '7');
});

test('a running server keeps to its configuration file, also while the file does not exist', async (t) => {
  const folder = await folderWith(t, {
    'karrigell.config.json': { max_sessions: 5 },
    'shop/karrigell.config.json': { max_sessions: 6, watch: false },
    'shop/site/index.pih': '<%= CONFIG.max_sessions %>',
  });
  const cwd = join(folder, 'shop');
  const { url, child, printed } = await program(t, cwd);
  await printed(/sessions/);
  await rename(join(cwd, 'karrigell.config.json'), join(cwd, 'away.json'));
  child.kill('SIGHUP');
  await printed(/error: the configuration was not reloaded, the old settings stay\n.*config-file-missing/);
  t.is(await (await fetch(url)).text(), '6');
});

test('settings that need a restart keep their old values', async (t) => {
  const applied: Config[] = [];
  const said: string[] = [];
  const inputs: ConfigInput[] = [{ port: 2, log: 'json' }];
  const before = configFrom({ port: 1 }, '/').config;
  const reload = reloader({
    current: () => before,
    load: (running) => configFrom(inputs[0] ?? {}, '/', {}, running),
    apply: async ({ config }) => applied.push(config) > 0,
    say: (level, message) => said.push(`${level} ${message}`),
  });
  await reload();
  t.is(applied[0]?.port, 1);
  t.is(applied[0]?.log, 'json');
  t.deepEqual(said, ['info configuration reloaded', 'warn port will change with the next start, not before']);
});

test('reloads asked for during one become one more', async (t) => {
  let loads = 0;
  const { config } = configFrom({}, '/');
  const reload = reloader({
    current: () => config,
    load: () => {
      loads++;
      return configFrom({}, '/');
    },
    apply: () => new Promise((resolve) => setImmediate(() => resolve(true))),
    say: () => undefined,
  });
  await Promise.all([reload(), reload(), reload()]);
  t.is(loads, 2);
  await reload();
  t.is(loads, 3);
});

test('settings that cannot be applied keep the old ones', async (t) => {
  const said: string[] = [];
  const reload = reloader({
    current: () => configFrom({}, '/').config,
    load: () => configFrom({}, '/'),
    apply: () => Promise.reject(new Error('no such folder')),
    say: (level, message, cause) => said.push(`${level} ${message}: ${cause}`),
  });
  await reload();
  t.deepEqual(said, [
    'error the configuration was not reloaded, the old settings stay: Error: no such folder',
  ]);
});

test('a value that is derived from a setting that needs a restart follows the value in force, not the new one', async (t) => {
  const cwd = await folderWith(t, {
    'karrigell.config.json': { host: '0.0.0.0', log: false },
    'site/index.pih': '<% throw new Error("boom") %>',
  });
  const { url, printed } = await program(t, cwd);
  await printed(/sessions/);
  const port = new URL(url).port;
  await writeFile(
    join(cwd, 'karrigell.config.json'),
    '{"host": "127.0.0.1", "log": false, "max_sessions": 5}',
  );
  t.regex(await printed(/warning: .* will change.*\n/), /host will change with the next start/);
  const page = await (await fetch(`http://127.0.0.1:${port}/`)).text();
  t.notRegex(page, /boom|index\.pih/);
  t.is((await fetch(`http://127.0.0.1:${port}/.karrigell/live-reload.js`)).status, 404);
});

test('a file that could not be started with is refused, although the running server would keep its own', async (t) => {
  const said: string[] = [];
  const before = configFrom({}, '/').config;
  const reload = reloader({
    current: () => before,
    load: (running) => configFrom({ workers: 4 }, '/', {}, running),
    apply: async () => true,
    say: (level, message) => said.push(`${level} ${message}`),
  });
  await reload();
  t.deepEqual(said, ['error the configuration was not reloaded, the old settings stay']);
});
