// The files of URLs (README.md, *From URL to file*), and files that are never served.

import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import test from 'ava';
import { isHiddenName } from '../../engine/pages/hidden-names.ts';
import { serveSite, type TestSite } from '../site-fixture.ts';

const FILES = {
  'index.pih': 'home',
  'cart.pih': 'cart',
  'about.html': '<p>about</p>',
  'style.css': 'p {}',
  'shop/index.pih': 'shop',
  'plain/index.html': 'plain',
  'products/new.pih': 'new product',
  'products/[id].pih': 'product <%= PARAMS.id %>',
  'docs/[...rest].pih': 'docs <%= PARAMS.rest %>',
  'users/[user]/index.pih': 'user <%= PARAMS.user %>',
  'users/[user]/orders/[order].pih': 'order <%= PARAMS.user %>/<%= PARAMS.order %>',
  '.well-known/security.txt': 'contact',
} as const;

const FOUND: readonly (readonly [path: string, status: number, body: string])[] = [
  ['/', 200, 'home'],
  ['/index', 200, 'home'],
  ['/cart', 200, 'cart'],
  ['/cart.pih', 200, 'cart'],
  ['/about', 200, '<p>about</p>'],
  ['/about.html', 200, '<p>about</p>'],
  ['/style.css', 200, 'p {}'],
  ['/shop/', 200, 'shop'],
  ['/plain/', 200, 'plain'],
  ['/products/new', 200, 'new product'],
  ['/products/42', 200, 'product 42'],
  ['/products/a%20%26b', 200, 'product a &amp;b'],
  ['/docs/a/b/c', 200, 'docs a/b/c'],
  ['/users/ann/', 200, 'user ann'],
  ['/users/ann/orders/7', 200, 'order ann/7'],
  ['/.well-known/security.txt', 200, 'contact'],
  ['/nowhere', 404, ''],
  ['/products/42/43', 404, ''],
  ['/products/[id]', 200, 'product [id]'],
  ['/products/%5Bid%5D.pih', 200, 'product [id].pih'],
];

/** Values of bracketed names: any decodable text, since hidden names are names of files. */
const VALUES = [
  '_joe',
  '.hidden',
  '.well-known',
  'Talk:Main',
  'main.ts',
  'main.TS',
  'draft~',
  'old.bak',
  'package.json',
  'node_modules',
  'ends.',
  'ends ',
  'a\tb\nc',
  '[id]',
  '[id].pih',
  'x.pih',
  '...',
  'constructor',
  '__proto__',
  'é漢😀',
  '%',
  '%2F',
  '<&"\'',
  '_secret.txt',
  'secret.ts',
  'pipe',
  'link-out',
] as const;

test('a value of a bracketed name may be anything that decodes, the name of a hidden file as well', async (t) => {
  const site = await serveSite(t, {
    'users/[user].pih': '<% RESPONSE.send(JSON.stringify(PARAMS)) %>',
    'teams/[team]/[member].pih': '<% RESPONSE.send(JSON.stringify(PARAMS)) %>',
    'wiki/[...path].pih': '<% RESPONSE.send(JSON.stringify(PARAMS)) %>',
    'users/_secret.txt': 'SECRET',
    'users/secret.ts': 'SECRET',
    'users/node_modules/x.js': 'SECRET',
  });
  await symlink('/etc/hostname', join(site.folder, 'users/link-out'));
  execFileSync('mkfifo', [join(site.folder, 'users/pipe')]);
  for (const value of VALUES) {
    const part = encodeURIComponent(value);
    for (const path of [`/users/${part}`, `/teams/${part}/${part}`, `/wiki/a/${part}/b`])
      t.is((await site.get(path)).status, 200, path);
    t.deepEqual(await (await site.get(`/users/${part}`)).json(), { user: value }, value);
    t.deepEqual(await (await site.get(`/teams/${part}/${part}`)).json(), { team: value, member: value });
    t.deepEqual(await (await site.get(`/wiki/a/${part}/b`)).json(), { path: `a/${value}/b` });
  }
  for (const part of ['%2e', '%2E%2e', 'a%2Fb', 'a%5Cb', 'a%00b', '%', '%ff', 'a%2'])
    for (const path of [`/users/${part}`, `/wiki/a/${part}`, `/teams/${part}/x`])
      t.is(await rawStatus(site, path), 404, path);
});

test('a part may have literal text around its bracket, and the most literal name wins', async (t) => {
  const site = await serveSite(t, {
    'a/photo-[id].pih': 'photo <%= PARAMS.id %>',
    'a/[slug].txt.pih': 'txt <%= PARAMS.slug %>',
    'a/photo-[id].txt.pih': 'photo txt <%= PARAMS.id %>',
    'a/[any].pih': 'any <%= PARAMS.any %>',
    'a/photo-1.pih': 'one',
    'a/photo-2': 'a file',
    'v[major]/index.pih': 'version <%= PARAMS.major %>',
    'v[major]/style.css': 'p {}',
    '[lang]/index.pih': 'language <%= PARAMS.lang %>',
    'x-[slug].pih': 'x <%= PARAMS.slug %>',
  });
  const found: readonly (readonly [string, string])[] = [
    ['/a/photo-7', 'photo 7'],
    ['/a/x.txt', 'txt x'],
    ['/a/photo-7.txt', 'photo txt 7'],
    ['/a/photo-', 'any photo-'],
    ['/a/.txt', 'any .txt'],
    ['/a/photo-1', 'one'],
    ['/a/photo-2', 'a file'],
    ['/a/photo-_', 'photo _'],
    ['/v2/', 'version 2'],
    ['/v2/style.css', 'p {}'],
    ['/en/', 'language en'],
    ['/x-[slug]', 'x [slug]'],
  ];
  for (const [path, body] of found) t.is(await site.text(path), body, path);
  t.is((await site.get('/x-[slug].pih')).status, 200);
  t.is(await site.text('/x-[slug].pih'), 'x [slug].pih');
});

test('static files whose names have odd characters are served', async (t) => {
  const names = ['[draft] report.txt', '[id].txt', 'a:b.txt', 'ends.', 'ends ', 'x [1', ']', 'tab\t.txt'];
  const site = await serveSite(t, Object.fromEntries(names.map((name) => [name, `file ${name}`])));
  for (const name of names) t.is(await site.text(`/${encodeURIComponent(name)}`), `file ${name}`, name);
});

test('a page answers a name that only its own name hides nothing of', async (t) => {
  const site = await serveSite(t, { 'module.ts.pih': 'about module.ts', 'draft~.html': 'a draft' });
  t.is(await site.text('/module.ts'), 'about module.ts');
  t.is(await site.text('/draft~'), 'a draft');
});

test('Windows opens other files under some names, which are hidden there alone', (t) => {
  const names = ['a:b', 'cart.pih::$DATA', 'cart.pih.', 'cart.pih ', 'NUL', 'con.txt', 'com1.log'];
  for (const name of names) {
    t.true(isHiddenName(name, true), name);
    t.false(isHiddenName(name, false), name);
  }
  t.false(isHiddenName('console.txt', true));
});

for (const [path, status, body] of FOUND) {
  test(`GET ${path} is ${status}${body && `: ${body}`}`, async (t) => {
    const site = await serveSite(t, FILES);
    const response = await site.get(path);
    t.is(response.status, status);
    const text = await response.text();
    if (status === 200) t.is(text, body);
  });
}

test('a folder without its slash is redirected, with the query kept', async (t) => {
  const site = await serveSite(t, FILES);
  const response = await site.get('/shop?a=1&b=%20');
  t.is(response.status, 308);
  t.is(response.headers.get('location'), '/shop/?a=1&b=%20');
});

/** Sends a path unchanged; fetch would normalize it. */
function rawStatus(site: TestSite, path: string): Promise<number> {
  const { hostname, port } = new URL(site.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method: 'GET' }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject).end();
  });
}

const ATTACKS = [
  '/_data/secret.pih',
  '/_data/secret.txt',
  '/_DATA/secret.txt',
  '/%5fdata/secret.txt',
  '/.env',
  '/.git/config',
  '/module.ts',
  '/module.TS',
  '/module.mts',
  '/part.tsx',
  '/package.json',
  '/PACKAGE.json',
  '/node_modules/x/index.js',
  '/cart.pih~',
  '/cart.pih.bak',
  '/cart.pih.orig',
  '/.cart.pih.swp',
  '/cart.pih.',
  '/cart.pih%20',
  '/cart.pih::$DATA',
  '/cart.pih%00.html',
  '/../outside.txt',
  '/..%2foutside.txt',
  '/%2e%2e/outside.txt',
  '/..%5coutside.txt',
  '/shop/..%2f..%2foutside.txt',
  '//outside.txt',
  '/shop//index.pih',
  '/a%2fb',
  '/%',
  '/%c0%ae%c0%ae/outside.txt',
  '/link-out.txt',
  '/folder-out/outside.txt',
  '/link-to-source.txt',
  '/link-to-hidden.txt',
  '/pipe',
];

test('a file that is never served is a 404 like any other', async (t) => {
  const site = await serveSite(t, {
    ...FILES,
    '_data/secret.pih': 'SECRET',
    '_data/secret.txt': 'SECRET',
    '.env': 'SECRET',
    '.git/config': 'SECRET',
    'module.ts': 'SECRET',
    'module.mts': 'SECRET',
    'part.tsx': 'SECRET',
    'package.json': '{}',
    'node_modules/x/index.js': 'SECRET',
    'cart.pih~': 'SECRET',
    'cart.pih.bak': 'SECRET',
    'cart.pih.orig': 'SECRET',
    '.cart.pih.swp': 'SECRET',
  });
  await writeFile(join(site.folder, '../outside.txt'), 'SECRET');
  await mkdir(join(site.folder, '../out'));
  await writeFile(join(site.folder, '../out/outside.txt'), 'SECRET');
  await symlink(join(site.folder, '../outside.txt'), join(site.folder, 'link-out.txt'));
  await symlink(join(site.folder, '../out'), join(site.folder, 'folder-out'));
  await symlink(join(site.folder, 'cart.pih'), join(site.folder, 'link-to-source.txt'));
  await symlink(join(site.folder, '_data/secret.txt'), join(site.folder, 'link-to-hidden.txt'));
  execFileSync('mkfifo', [join(site.folder, 'pipe')]);
  for (const path of ATTACKS) t.is(await rawStatus(site, path), 404, path);
});

test('a 404 says the same whether a hidden file exists or not', async (t) => {
  const site = await serveSite(t, { '_data/x.txt': 'SECRET' }, { debug: false });
  t.is(await site.text('/_data/x.txt'), await site.text('/_data/y.txt'));
});

test('a 404 under debug lists the tried files and the nearest page', async (t) => {
  const site = await serveSite(t, FILES, { debug: true });
  const body = await site.text('/crat');
  t.true(body.includes('/crat.pih'));
  t.true(body.includes('/cart'));
});
