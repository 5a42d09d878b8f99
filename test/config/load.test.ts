// The sources of the effective configuration: defaults, file, environment, options.

import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { checkOptions, configFrom, defaultConfig, loadConfig } from '../../config/load-config.ts';
import { folderWith } from '../folder.ts';

test('without any settings, every key has the default of the contract', (t) => {
  t.deepEqual(defaultConfig('/srv/shop'), {
    root_dir: '/srv/shop/site',
    host: '127.0.0.1',
    port: 8080,
    workers: 1,
    debug: true,
    watch: true,
    trust_proxy: false,
    allowed_hosts: [],
    secret_fields: [],
    persistent_session: false,
    max_sessions: 1000,
    session: {
      timeout: 3600,
      max_age: 0,
      remember_me_timeout: 2592000,
      force: false,
      missing: 'throw',
      lock_timeout: 10,
      cookie: {
        name: 'sessionId',
        path: '/',
        domain: null,
        secure: 'auto',
        http_only: true,
        same_site: 'lax',
        timeout: null,
        when: 'call',
      },
    },
    limits: {
      body: 1048576,
      upload: 20971520,
      fields: 1000,
      field_name: 200,
      field_size: 262144,
      files: 20,
      header_timeout: 10,
      request_timeout: 60,
      send_timeout: 60,
      page_timeout: 60,
    },
    log: 'text',
    cross_site: [],
    headers: {},
    static: {},
    editor: 'vscode',
    error_pages: {},
    outside_paths: [],
  });
});

test('karrigell.config.json is found in the current folder, and its paths start from its own', async (t) => {
  const folder = await folderWith(t, { 'karrigell.config.json': { root_dir: 'pages', port: 3000 } });
  const { config, file, base_dir } = loadConfig({ cwd: folder, env: {} });
  t.is(file, join(folder, 'karrigell.config.json'));
  t.is(base_dir, folder);
  t.is(config.root_dir, join(folder, 'pages'));
  t.is(config.port, 3000);
});

test('karrigell.config.json is looked for from a folder upwards; the nearest one counts', async (t) => {
  const folder = await folderWith(t, {
    'karrigell.config.json': { port: 1 },
    'shop/karrigell.config.json': { port: 2, root_dir: 'pages' },
    'shop/pages/cart/index.pih': '',
    'blog/index.pih': '',
  });
  const found = (cwd: string, from?: string) => loadConfig({ cwd: join(folder, cwd), from, env: {} });
  t.is(found('shop/pages/cart').file, join(folder, 'shop/karrigell.config.json'));
  t.is(found('shop/pages/cart').base_dir, join(folder, 'shop'));
  t.is(found('shop/pages/cart').config.root_dir, join(folder, 'shop/pages'));
  t.is(found('blog').config.port, 1);
  t.is(found('blog', '../shop/pages').config.port, 2);
  t.is(found('.', 'shop/none').config.port, 2);
});

test('a configuration that is a link which leads nowhere is an error, not the one of the folder above', async (t) => {
  const folder = await folderWith(t, { 'karrigell.config.json': { port: 1 }, 'shop/index.pih': '' });
  await symlink('none.json', join(folder, 'shop/karrigell.config.json'));
  t.throws(() => loadConfig({ cwd: join(folder, 'shop'), env: {} }), {
    code: 'config-file-unreadable',
    message: /shop\/karrigell\.config\.json/,
  });
});

test('a file that is named is read from wherever it is', async (t) => {
  const folder = await folderWith(t, { 'etc/live.json': { port: 80 } });
  const { config, base_dir } = loadConfig({ file: 'etc/live.json', cwd: folder, env: {} });
  t.is(config.port, 80);
  t.is(base_dir, join(folder, 'etc'));
  t.is(config.root_dir, join(folder, 'etc/site'));
});

test('without a file there are the defaults, and paths start from the current folder', async (t) => {
  const folder = await folderWith(t, {});
  const { config, file, base_dir } = loadConfig({ cwd: folder, env: {} });
  t.is(file, undefined);
  t.is(base_dir, folder);
  t.deepEqual(config, defaultConfig(folder));
});

test('a named file that does not exist is config-file-missing', async (t) => {
  const folder = await folderWith(t, {});
  t.throws(() => loadConfig({ file: 'none.json', cwd: folder, env: {} }), { code: 'config-file-missing' });
});

test('a file that cannot be read is config-file-unreadable', async (t) => {
  const folder = await folderWith(t, {});
  await mkdir(join(folder, 'folder.json'));
  t.throws(() => loadConfig({ file: 'folder.json', cwd: folder, env: {} }), {
    code: 'config-file-unreadable',
  });
});

test('options go before the environment, that before the file, that before the defaults', async (t) => {
  const folder = await folderWith(t, {
    'karrigell.config.json': { port: 1, host: 'file.example', session: { timeout: 5 } },
  });
  const { config, origins } = loadConfig({
    cwd: folder,
    env: { KARRIGELL_PORT: '2', KARRIGELL_HOST: 'env.example' },
    overrides: { port: 3 },
  });
  t.is(config.port, 3);
  t.is(config.host, 'env.example');
  t.is(config.session.timeout, 5);
  t.is(config.session.max_age, 0);
  t.is(origins.port, 'option');
  t.is(origins.host, 'env KARRIGELL_HOST');
  t.is(origins['session.timeout'], 'file');
  t.is(origins['session.max_age'], 'default');
});

test('debug is on for a loopback host outside production and not behind a proxy only', (t) => {
  const debug = (host: string, env: Record<string, string> = {}) =>
    configFrom({ host }, '/', env).config.debug;
  for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '::1']) t.true(debug(host), host);
  for (const host of ['0.0.0.0', '::', '10.0.0.1', 'localhost.example', '1127.0.0.1'])
    t.false(debug(host), host);
  t.false(debug('127.0.0.1', { NODE_ENV: 'production' }));
  for (const trust_proxy of [true, ['10.0.0.1']]) t.false(configFrom({ trust_proxy }, '/').config.debug);
  t.true(configFrom({ host: '0.0.0.0', debug: true }, '/').config.debug);
});

test('sizes may be numbers or have a unit', (t) => {
  const body = (size: 5 | '5b' | '256kb' | '1.5mb' | '2gb') =>
    configFrom({ limits: { body: size } }, '/').config.limits.body;
  t.is(body(5), 5);
  t.is(body('5b'), 5);
  t.is(body('256kb'), 256 * 1024);
  t.is(body('1.5mb'), 1.5 * 1024 * 1024);
  t.is(body('2gb'), 2 * 1024 ** 3);
});

test('a setting that is an object or a list replaces the one before it whole; a group is joined', async (t) => {
  const folder = await folderWith(t, {
    'karrigell.config.json': { headers: { 'X-One': '1' }, session: { cookie: { name: 'sid' } } },
  });
  const { config } = loadConfig({
    cwd: folder,
    env: {},
    overrides: { headers: { 'X-Two': '2' }, session: { cookie: { path: '/shop' } } },
  });
  t.deepEqual(config.headers, { 'X-Two': '2' });
  t.is(config.session.cookie.name, 'sid');
  t.is(config.session.cookie.path, '/shop');
});

test('a loaded configuration cannot be changed', (t) => {
  const { config } = configFrom({ headers: { a: 'b' } }, '/');
  t.true(
    Object.isFrozen(config) && Object.isFrozen(config.session.cookie) && Object.isFrozen(config.headers),
  );
});

test('options that are undefined count as left out', (t) => {
  const input = { port: undefined, host: 'localhost' };
  t.is(configFrom(JSON.parse(JSON.stringify(input)), '/').config.port, 8080);
});

test('options alone can be checked before anything is read', (t) => {
  t.notThrows(() => checkOptions({ port: 0, workers: 4 }));
  t.throws(() => checkOptions({ port: 70_000 }), { code: 'config-wrong-value' });
});
