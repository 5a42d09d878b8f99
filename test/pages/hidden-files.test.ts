// Files that are hidden whatever their names: the configuration file in force and the files of the store, by whatever
// path the configuration names them.

import { mkdir, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { HiddenFiles } from '../../engine/pages/hidden-files.ts';
import { folderWith } from '../folder.ts';
import { program } from '../process/program.ts';

const PRODUCTION = { NODE_ENV: 'production' };
const PAGE = '<% const s = Session(); s.n = 1; %>page';

/** Names of a folder `rel` with a configuration. */
const WAYS = {
  'its own path': async () => 'rel/app.json',
  'a link to its folder': async (cwd: string) => {
    await symlink('rel', join(cwd, 'current'));
    return 'current/app.json';
  },
  'links to links': async (cwd: string) => {
    await symlink('rel', join(cwd, 'one'));
    await symlink('one', join(cwd, 'two'));
    return 'two/../two/app.json';
  },
  'a link to the file in the same folder': async (cwd: string) => {
    await symlink('app.json', join(cwd, 'rel/linked.json'));
    return 'rel/linked.json';
  },
} satisfies Record<string, (cwd: string) => Promise<string>>;

const STORES = {
  'the JSON store': { store: 'json', dir: 'sess', lock_dir: 'locks' },
  'a SQLite database': { store: 'database', url: 'sqlite:data.db' },
  'a store of the site itself': { store: './own-store.mjs' },
} as const;

const OWN_STORE = `export default () => {
  const entries = new Map();
  return { lock: 'process', load: async (key) => entries.get(key), save: async (key, entry) => void entries.set(key, entry),
    delete: async (key) => void entries.delete(key) };
};`;

for (const [way, nameOf] of Object.entries(WAYS)) {
  for (const [store, persistent_session] of Object.entries(STORES)) {
    test(`nothing of ${store} and no configuration is served when it is named by ${way}`, async (t) => {
      const cwd = await folderWith(t, {
        'rel/app.json': { root_dir: '.', log: false, persistent_session },
        'rel/index.pih': PAGE,
        'rel/own-store.mjs': OWN_STORE,
        'rel/shown.json': {},
      });
      const { url } = await program(t, cwd, ['--config', await nameOf(cwd)], PRODUCTION);
      t.is((await fetch(`${url}/shown.json`)).status, 200);
      await fetch(url);
      const own = store === 'a store of the site itself' ? [] : ['/own-store.mjs'];
      t.deepEqual(await served(t, url, join(cwd, 'rel')), ['/index.pih', ...own, '/shown.json']);
    });
  }
}

/** The URLs of all files below a folder that are answered with 200. */
async function served(t: ExecutionContext, url: string, folder: string): Promise<string[]> {
  const found: string[] = [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  t.true(entries.length > 3);
  for (const entry of entries) {
    const path = `${join(entry.parentPath, entry.name).slice(folder.length)}`;
    if ((await fetch(url + path, { redirect: 'manual' })).status === 200) found.push(path);
  }
  return found.sort();
}

test('karrigell.config.json is hidden though another one is loaded, and wherever it lies', async (t) => {
  const cwd = await folderWith(t, {
    'prod.json': { root_dir: '.', log: false },
    'karrigell.config.json': { port: 1 },
    'old/Karrigell.Config.JSON': { port: 1 },
    'index.pih': 'page',
  });
  const { url } = await program(t, cwd, ['--config', 'prod.json'], PRODUCTION);
  for (const path of ['/karrigell.config.json', '/old/Karrigell.Config.JSON', '/prod.json'])
    t.is((await fetch(url + path)).status, 404, path);
});

test('a configuration that appears while the site runs is hidden as soon as it is in force', async (t) => {
  const cwd = await folderWith(t, { 'index.pih': 'page', 'app.json': { headers: { 'X-In-Force': 'yes' } } });
  const { url, child, printed } = await program(t, cwd, ['serve', '.'], PRODUCTION);
  t.is((await fetch(`${url}/app.json`)).status, 200);
  await symlink('app.json', join(cwd, 'karrigell.config.json'));
  child.kill('SIGHUP');
  await printed(/configuration reloaded/);
  const response = await fetch(url);
  t.is(response.headers.get('x-in-force'), 'yes');
  for (const path of ['/karrigell.config.json', '/app.json'])
    t.is((await fetch(url + path)).status, 404, path);
});

test('a link that is switched is followed, and its former target stays hidden', async (t) => {
  const folder = await folderWith(t, { 'a/f.json': '1', 'b/f.json': '2', 'c.txt': '3' });
  await symlink('a', join(folder, 'current'));
  const hidden = new HiddenFiles([join(folder, 'current/f.json'), join(folder, 'current/later/data.db')]);
  t.true(hidden.covers(join(folder, 'a/f.json')));
  t.true(hidden.covers(join(folder, 'a/later/data.db')));
  t.false(hidden.covers(join(folder, 'b/f.json')));
  await symlink('b', join(folder, 'next'));
  await rename(join(folder, 'next'), join(folder, 'current'));
  for (const path of ['a/f.json', 'b/f.json', 'current/f.json', 'b/later/data.db'])
    t.true(hidden.covers(join(folder, path)), path);
  await mkdir(join(folder, 'b/later'));
  await writeFile(join(folder, 'b/later/data.db'), '');
  t.true(hidden.asNow().covers(join(folder, 'b/later/data.db')));
  t.false(hidden.covers(join(folder, 'c.txt')));
  t.false(hidden.covers(join(folder, 'b/f.json.txt')));
});
