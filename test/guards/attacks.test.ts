// Requests of a visitor who wants past a guard. The guard of `admin` refuses every request: no response has a byte of the
// folder, and no response tells which files exist in it.

import { link, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { ask, requestOf } from '../fuzz/raw-http.ts';
import { serveSite, type TestSite } from '../site-fixture.ts';

const FILES = {
  'index.pih': 'home',
  'login.pih': 'login',
  'admin/_before.pih': "<% redirect('/login'); %>",
  'admin/index.pih': 'SECRET',
  'admin/users.pih': 'SECRET',
  'admin/[id].pih': 'SECRET <%= PARAMS.id %>',
  'admin/file.txt': 'SECRET',
  'admin/page.html': '<p>SECRET</p>',
  'admin/deep/er/index.pih': 'SECRET',
  'admin/deep/file.txt': 'SECRET',
  'admin/only/file.txt': 'SECRET',
  'admin/html/index.html': 'SECRET',
  'admin/_part.pih': 'SECRET',
  'admin/space name.txt': 'SECRET',
  'admin/ü.txt': 'SECRET',
  'public/index.pih': 'public',
  'public/file.txt': 'public',
  'Admin2/index.pih': 'public',
} as const;

async function guardedSite(t: ExecutionContext, debug: boolean, rest = {}): Promise<TestSite> {
  const site = await serveSite(t, FILES, { debug, ...rest });
  const at = (name: string) => join(site.folder, name);
  await symlink('../admin/file.txt', at('public/link.txt'));
  await symlink('../admin', at('public/folder'));
  await symlink('../admin/users.pih', at('public/linked.pih'));
  await symlink('admin/deep', at('deep'));
  await symlink('../public', at('admin/out'));
  await symlink('../public/file.txt', at('admin/out.txt'));
  await mkdir(at('admin/empty'));
  // Reads the site again, so that its generation has the links.
  await site.app.configure({ config: site.config, file: undefined });
  return site;
}

/** Targets that lead into the folder, by their spelling or by links. */
const INSIDE = [
  ...[
    '/admin',
    '/admin/',
    '/admin?x',
    '/admin/?a=/../..',
    '/admin/index',
    '/admin/index.pih',
    '/admin/index.html',
  ],
  ...[
    '/admin/users',
    '/admin/users.pih',
    '/admin/users/',
    '/admin/42',
    '/admin/nothing.txt',
    '/admin/no/thing',
  ],
  ...[
    '/admin/_before.pih',
    '/admin/_before',
    '/admin/_part.pih',
    '/admin/_part',
    '/admin/.env',
    '/admin/x.ts',
  ],
  ...['/admin/file.txt', '/admin/page', '/admin/page.html', '/admin/deep', '/admin/deep/', '/admin/deep/er/'],
  ...['/admin/deep/er', '/admin/deep/file.txt', '/admin/only/', '/admin/only', '/admin/only/file.txt'],
  ...[
    '/admin/html',
    '/admin/html/',
    '/admin/empty',
    '/admin/empty/',
    '/admin/space%20name.txt',
    '/admin/%C3%BC.txt',
  ],
  ...['/%61dmin/users', '/%61%64%6d%69%6e/file.txt', '/admin/%75sers', '/admin/file%2Etxt', '/adm%69n'],
  ...['/admin/out', '/admin/out/', '/admin/out/file.txt', '/admin/out.txt', '/admin/out/nothing'],
  ...[
    '/public/link.txt',
    '/public/folder',
    '/public/folder/',
    '/public/folder/users',
    '/public/folder/file.txt',
  ],
  ...[
    '/public/folder/nothing',
    '/public/linked',
    '/public/linked.pih',
    '/deep/file.txt',
    '/deep/er/',
    '/deep/none',
  ],
  ...[
    '/admin//users',
    '/admin//',
    '/admin/../admin/users',
    '/admin/./users',
    '/admin/%2e%2e/index',
    '/admin/%00',
  ],
  ...['/admin/%2Fusers', '/admin/..%2f', '/admin/%', '/admin/%ff', '/admin/%5Cusers', '/admin/users%00.txt'],
  ...[
    'http://a.example/admin/users',
    'http://a.example/admin/file.txt',
    'HTTP://a.example/admin',
    '/admin/#x',
  ],
  ...[
    '/admin/users;x=1',
    '/admin/users.',
    '/admin/users..',
    '/admin/users%20',
    '/admin/file.txt.',
    '/admin/USERS',
  ],
  ...['/admin/file.txt~', '/admin/file.txt.bak', '/admin/users.PIH', '/admin/%252e%252e/x'],
];

/** Targets that look as if they led into the folder, and lead nowhere. */
const NOWHERE = [
  ...[
    '//admin/users',
    '///admin/file.txt',
    '/./admin/users',
    '/public/../admin/users',
    '/public/%2e%2e/admin/users',
  ],
  ...[
    '/public/..%2fadmin/users',
    '/public/..%5cadmin%5cusers',
    '/\\admin\\users',
    '/admin\\users',
    '/admin%2Fusers',
  ],
  ...[
    '/admin%5Cusers',
    '/admin;/users',
    '/admin./users',
    '/admin%20/users',
    '/admin%00/users',
    '/ADMIN/users',
    '/Admin/',
  ],
  ...[
    '/AdMiN/file.txt',
    '/admin../users',
    '/.admin/users',
    '/admin%C2%AD/users',
    '/\uFF41dmin/users',
    '/%c0%ae/admin/users',
  ],
  ...[
    '/public/folder%2Fusers',
    '/~admin/users',
    '/admin:80/users',
    '/_before.pih',
    '/public/..;/admin/users',
  ],
].map((target) => target.replace('\uFF41', '%EF%BD%81'));

const METHODS = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'POST'];

const CONDITIONS: readonly (readonly string[])[] = [
  [],
  ['Range: bytes=0-3'],
  ['If-None-Match: *'],
  ['If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT'],
  ['If-Match: "x"'],
  ['If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT'],
  ['Accept: text/html', 'Sec-Fetch-Mode: navigate'],
  ['X-Original-URL: /public/', 'X-Rewrite-URL: /public/', 'X-Forwarded-Prefix: /public'],
  ['X-HTTP-Method-Override: OPTIONS', 'X-Forwarded-For: 127.0.0.1', 'Referer: http://a.example/admin/'],
];

for (const debug of [true, false]) {
  const host = debug ? { allowed_hosts: ['a.example'] } : {};

  test(`no file of a guarded folder is sent, whatever the target, method or condition (debug: ${debug})`, async (t) => {
    const site = await guardedSite(t, debug, host);
    for (const target of INSIDE) {
      for (const method of METHODS) {
        const { status, headers, body } = await ask(site.url, requestOf(method, target));
        t.is(status, 303, `${method} ${target}`);
        t.is(headers.get('location'), '/login', `${method} ${target}`);
        t.is(body, '', `${method} ${target}`);
        for (const name of ['allow', 'etag', 'last-modified', 'accept-ranges', 'content-range'])
          t.false(headers.has(name), `${method} ${target} ${name}`);
      }
      for (const condition of CONDITIONS) {
        const { status, body } = await ask(site.url, requestOf('GET', target, condition));
        t.is(status, 303, `${target} ${condition.join()}`);
        t.is(body, '');
      }
    }
  });

  test(`targets that only look like it lead nowhere (debug: ${debug})`, async (t) => {
    const site = await guardedSite(t, debug, host);
    for (const target of NOWHERE) {
      for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS']) {
        const { status, body } = await ask(site.url, requestOf(method, target));
        t.true([404, 400].includes(status), `${method} ${target} ${status}`);
        t.false(body.includes('SECRET'), target);
      }
    }
  });

  test(`beside the folder nothing is guarded (debug: ${debug})`, async (t) => {
    const site = await guardedSite(t, debug, host);
    for (const path of ['/', '/login', '/public/', '/public/file.txt', '/Admin2/'])
      t.is((await ask(site.url, requestOf('GET', path))).status, 200, path);
    t.is((await ask(site.url, requestOf('GET', '/none'))).status, 404);
    t.is((await ask(site.url, requestOf('GET', '/public'))).status, 308);
  });
}

test('a request that other checks refuse is refused in the same way, whether there is a page or not', async (t) => {
  const site = await guardedSite(t, false);
  for (const path of ['/admin/users', '/admin/file.txt', '/admin/nothing/here', '/admin']) {
    const crossed = await ask(site.url, requestOf('POST', path, ['Sec-Fetch-Site: cross-site'], 'a=1'));
    t.is(crossed.status, 403, path);
    t.is((await ask(site.url, requestOf('GET', path, ['Host: b.example']))).status, 400, path);
    if (path === '/admin' || path === '/admin/file.txt') continue;
    const large = ['Content-Type: application/x-www-form-urlencoded', 'Content-Length: 99999999'];
    t.is((await ask(site.url, requestOf('PUT', path, large))).status, 413, path);
  }
});

test('brackets: each folder whose name fits the URL guards, also if another one answers', async (t) => {
  const site = await serveSite(t, {
    '[team]/_before.pih': "<% if (PARAMS.team !== 'open') throw HttpError(403, `team ${PARAMS.team}`); %>",
    '[team]/page.pih': 'page of <%= PARAMS.team %>',
    '[team]/[id].pih': 'item <%= PARAMS.id %>',
    '[team]/file.txt': 'SECRET',
    '[...rest].pih': 'rest <%= PARAMS.rest %>',
    'red/own.pih': 'own page',
    'plain.pih': 'plain',
  });
  for (const path of [
    '/red/page',
    '/red/x',
    '/red/file.txt',
    '/blue',
    '/blue/',
    '/blue/a/b',
    '/%5Bteam%5D/page',
    '/_x/page',
  ])
    t.is((await site.get(path)).status, 403, path);
  t.true((await site.text('/r%C3%A9d/file.txt')).includes('team réd'));
  t.is(await site.text('/open/page'), 'page of open');
  t.is(await site.text('/open/file.txt'), 'SECRET');
  t.is(await site.text('/open/a/b'), 'rest open/a/b');
  // Here no bracket is tried.
  t.is(await site.text('/red/own'), 'own page');
  t.is(await site.text('/plain'), 'plain');
});

test('the value of a bracket of the guard counts, and the guard sees the brackets of the page', async (t) => {
  const site = await serveSite(t, {
    'p/[id]/_before.pih': '<% LOCALS.seen = JSON.stringify(PARAMS); %>',
    'p/[id]/[item].pih': '<%- LOCALS.seen %>',
    'p/[id]/x.txt': '',
  });
  t.is(await site.text('/p/7/8'), '{"id":"7","item":"8"}');
});

test('a hard link is another file: only the folder of its own path guards it', async (t) => {
  const site = await guardedSite(t, false);
  await link(join(site.folder, 'public/file.txt'), join(site.folder, 'admin/hard.txt'));
  t.is((await site.get('/admin/hard.txt')).status, 303);
  t.is(await site.text('/public/file.txt'), 'public');
});

test('a guarded folder beside a bracketed one does not tell which files it has', async (t) => {
  const site = await serveSite(t, {
    'members/_before.pih': "<% redirect('/login'); %>",
    'members/list.txt': 'SECRET',
    '[tenant]/_before.pih': '<% throw HttpError(403); %>',
    '[tenant]/index.pih': 'tenant',
  });
  for (const path of ['/members/list.txt', '/members/list.txt/', '/members/nothing', '/members', '/members/'])
    t.is((await site.get(path)).headers.get('location'), '/login', path);
  t.is((await site.get('/other/')).status, 403);
});
