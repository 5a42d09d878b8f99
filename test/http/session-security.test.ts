// Attacks on the sessions of other visitors, through pages and HTTP: ids that cannot be guessed, planted or used again, cookies
// with the narrowest scope, and logs that contain no stored values.

import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createClient } from 'redis';
import type { ConfigInput } from '../../config/schema.ts';
import { messages } from '../../engine/process/messages.ts';
import { missingHere } from '../missing-here.ts';
import { findDatabases, opened } from '../session/stores/databases.ts';
import { RedisServer, whyNot } from '../session/stores/redis-server.ts';
import { serveSite, type TestSite } from '../site-fixture.ts';
import { Visitor } from '../visitor.ts';

const { found: databases } = await findDatabases();

const FILES = {
  'look.pih': '<%= Session({ read_only: true }).get("name", "nobody") %>',
  'open.pih': '<% Session() %>',
  'name.pih': '<% Session().name = _name %>',
  'login.pih': '<% const s = Session(); s.regenerate(); s.user = _user %>',
  'who.pih': '<%= Session().get("user", "nobody") %>',
  'logout.pih': '<% Session().close() %>',
};

const STORES: Readonly<Record<string, ConfigInput>> = {
  memory: { persistent_session: false },
  json: { persistent_session: true },
};

/** A test with sessions in memory and in files; the identity table covers the other stores. */
function rule(
  title: string,
  run: (t: ExecutionContext, site: TestSite) => Promise<void>,
  config: ConfigInput = {},
): void {
  for (const [store, chosen] of Object.entries(STORES)) {
    test(`${store}: ${title}`, async (t) => run(t, await serveSite(t, FILES, { ...chosen, ...config })));
  }
}

const idOf = (visitor: Visitor) => visitor.cookies.get('sessionId') ?? '';

function withId(site: TestSite, id: string): Visitor {
  const visitor = new Visitor(site.url);
  visitor.cookies.set('sessionId', id);
  return visitor;
}

async function stored(site: TestSite): Promise<number> {
  let count = 0;
  for await (const _ of site.app.sessions.administration.list()) count++;
  return count;
}

test.serial(
  'ids come from the generator for cryptography: 144 bits that no seed, clock or count tells',
  async (t) => {
    const { random } = Math;
    t.teardown(() => {
      Math.random = random;
    });
    Math.random = () => 0.5;
    const site = await serveSite(t, FILES);
    const ids: string[] = [];
    while (ids.length < 2000) {
      const some = Array.from({ length: 40 }, async () => {
        const visitor = new Visitor(site.url);
        await visitor.text('/open');
        return idOf(visitor);
      });
      ids.push(...(await Promise.all(some)));
    }
    const bits = ids.map((id) => Buffer.from(id, 'base64url').subarray(0, 18));
    t.is(new Set(bits.map((bytes) => bytes.toString('hex'))).size, ids.length);
    for (let bit = 0; bit < 144; bit++) {
      const ones = bits.filter((bytes) => ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1).length;
      // Seven standard deviations of 2000 fair coins; one run in ten billion fails.
      t.true(Math.abs(ones - 1000) < 157, `bit ${bit}: ${ones} ones of 2000`);
    }
  },
);

rule('an invented id is not adopted, and looking with it leaves nothing behind', async (t, site) => {
  const real = new Visitor(site.url);
  await real.text('/name?name=Ada');
  const id = idOf(real);
  const guesses = [
    `${id.slice(0, -1)}${id.endsWith('A') ? 'B' : 'A'}`,
    `A${id.slice(1)}`,
    `${'A'.repeat(47)}B`,
    'x'.repeat(48),
    id.toLowerCase(),
    `${id}A`,
    id.slice(1),
    '../../../etc/passwd',
    'A'.repeat(4000),
  ];
  for (const guess of guesses.filter((other) => other !== id)) {
    const thief = withId(site, guess);
    t.is(await thief.text('/look'), 'nobody');
    t.is(await thief.text('/who'), 'nobody');
    t.not(idOf(thief), guess);
  }
  t.is(await stored(site), 1);
  t.is(await real.text('/look'), 'Ada');
});

const redisMissing = whyNot('redis');
if (redisMissing !== undefined) missingHere(redisMissing, 'the tests of its commands');
const withRedis: (title: string, run: (t: ExecutionContext) => Promise<void>) => void =
  redisMissing === undefined ? test : () => undefined;

withRedis(
  'an unknown id costs the store one command, however much is stored and however near the guess',
  async (t) => {
    const server = await RedisServer.prepare('redis');
    await server.start();
    t.teardown(() => server.remove());
    const client = await createClient({ socket: { path: server.socket, tls: false } }).connect();
    t.teardown(() => client.destroy());
    const persistent = { store: 'redis', unix_socket_path: server.socket };
    const site = await serveSite(t, FILES, { persistent_session: persistent });
    const real = new Visitor(site.url);
    await real.text('/name?name=Ada');
    const id = idOf(real);
    const guesses = [
      `${'A'.repeat(47)}B`,
      `${id.slice(0, 24)}${'A'.repeat(24)}`,
      `${id.slice(0, -1)}${id.endsWith('A') ? 'B' : 'A'}`,
    ];
    const costs = async () => {
      const found: number[] = [];
      for (const guess of guesses) {
        const before = await scripts(client);
        for (let i = 0; i < 20; i++) await withId(site, guess).text('/who');
        found.push((await scripts(client)) - before);
      }
      return found;
    };
    t.deepEqual(await costs(), [20, 20, 20]);
    for (let i = 0; i < 100; i++) await new Visitor(site.url).text('/name?name=more');
    const entries = await client.dbSize();
    t.deepEqual(await costs(), [20, 20, 20]);
    t.is(await client.dbSize(), entries);
  },
);

/** The number of scripts that a server has run; the store uses one for each call. */
async function scripts(client: { info(section: string): Promise<string> }): Promise<number> {
  const [, calls] = /cmdstat_evalsha:calls=(\d+)/.exec(await client.info('commandstats')) ?? [];
  return Number(calls);
}

rule('fixation: an id that an attacker planted knows nothing of the login', async (t, site) => {
  const attacker = new Visitor(site.url);
  await attacker.text('/name?name=planted');
  const victim = withId(site, idOf(attacker));
  await victim.text('/login?user=victim');
  t.not(idOf(victim), idOf(attacker));
  t.is(await victim.text('/who'), 'victim');
  t.is(await attacker.text('/who'), 'nobody');
  t.is((await attacker.get('/name?name=again')).status, 409);
  t.is(await victim.text('/look'), 'planted');
});

rule('fixation: nor does one that was issued a moment ago and not used', async (t, site) => {
  const attacker = new Visitor(site.url);
  await attacker.text('/open');
  const victim = withId(site, idOf(attacker));
  await victim.text('/login?user=victim');
  t.not(idOf(victim), idOf(attacker));
  t.is(await attacker.text('/who'), 'nobody');
  t.is((await attacker.get('/name?name=again')).status, 409);
});

rule('replay: a closed id opens nothing, and nothing is stored under it again', async (t, site) => {
  const visitor = new Visitor(site.url);
  await visitor.text('/name?name=Ada');
  const id = idOf(visitor);
  const out = await visitor.get('/logout');
  t.regex(out.headers.get('set-cookie') ?? '', /^sessionId=; Max-Age=0/);
  const replay = withId(site, id);
  t.is(await replay.text('/look'), 'nobody');
  t.is((await replay.get('/name?name=back')).status, 409);
  t.is(await replay.text('/look'), 'nobody');
  t.is(await stored(site), 0);
});

rule('replay: the id before regenerate() opens nothing', async (t, site) => {
  const visitor = new Visitor(site.url);
  await visitor.text('/name?name=Ada');
  const before = idOf(visitor);
  await visitor.text('/login?user=ada');
  t.is(await withId(site, before).text('/who'), 'nobody');
  t.is(await withId(site, before).text('/look'), 'nobody');
  t.is(await visitor.text('/who'), 'ada');
});

rule('the keys that a store keeps and lists do not open a session', async (t, site) => {
  const visitor = new Visitor(site.url);
  await visitor.text('/name?name=Ada');
  for await (const { key } of site.app.sessions.administration.list()) {
    t.not(key, idOf(visitor));
    t.is(await withId(site, key).text('/look'), 'nobody');
    t.is(await withId(site, key.slice(0, 48)).text('/look'), 'nobody');
  }
  t.is(await stored(site), 1);
});

test('the files of sessions are for their owner alone, and name no id', async (t) => {
  const site = await serveSite(t, FILES, { persistent_session: true });
  const visitor = new Visitor(site.url);
  await visitor.text('/name?name=Ada');
  const folder = join(dirname(site.folder), '.karrigell/sessions');
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  t.true(files.length > 0);
  for (const file of files) {
    const text = await readFile(join(file.parentPath, file.name), 'utf8');
    t.false(`${file.name}${text}`.includes(idOf(visitor)));
    const { mode } = await stat(join(file.parentPath, file.name));
    t.is(mode & 0o077, 0, file.name);
  }
});

rule(
  'the cookie as it comes: for this host, hidden from scripts, not sent along by other sites',
  async (t, site) => {
    const response = await site.get('/open');
    t.regex(
      response.headers.get('set-cookie') ?? '',
      /^sessionId=[\w-]{48}; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    t.is(response.headers.get('cache-control'), 'private, no-store');
    t.is(response.headers.get('vary'), 'Cookie');
  },
);

rule(
  'over https the cookie is Secure, if a trusted proxy says so',
  async (t, site) => {
    const https = await site.get('/open', { headers: { 'x-forwarded-proto': 'https' } });
    t.regex(https.headers.get('set-cookie') ?? '', /; Secure/);
    t.notRegex((await site.get('/open')).headers.get('set-cookie') ?? '', /; Secure/);
  },
  { trust_proxy: true },
);

rule('only a trusted proxy can report https', async (t, site) => {
  const response = await site.get('/open', { headers: { 'x-forwarded-proto': 'https' } });
  t.notRegex(response.headers.get('set-cookie') ?? '', /; Secure/);
});

for (const prefix of ['__Host-', '__Secure-']) {
  rule(
    `a cookie called ${prefix}sid is always Secure, since browsers take no other`,
    async (t, site) => {
      const name = `${prefix}sid`;
      const response = await site.get('/name?name=Ada');
      const cookie = response.headers.get('set-cookie') ?? '';
      t.regex(cookie, new RegExp(`^${name}=[\\w-]{48}; Path=/; HttpOnly; Secure; SameSite=Lax$`));
      const back = { headers: { cookie: cookie.split(';')[0] ?? '' } };
      t.is(await site.text('/look', back), 'Ada');
      t.regex((await site.get('/logout', back)).headers.get('set-cookie') ?? '', /Max-Age=0;.*; Secure/);
    },
    { session: { cookie: { name: `${prefix}sid` } } },
  );
}

test('session-cookie-refused: a session whose cookie is called __Host-… cannot give it another path, a domain, or an insecure way', async (t) => {
  const page = (change: string) => `<% const s = Session(); s.a = 1; ${change} %>`;
  const site = await serveSite(
    t,
    {
      'path.pih': page("s.cookie.path = '/shop'"),
      'domain.pih': page("s.cookie.domain = 'example.org'"),
      'secure.pih': page('s.cookie.secure = false'),
      'timeout.pih': page('s.cookie.timeout = 60'),
    },
    { session: { cookie: { name: '__Host-sid' } } },
  );
  for (const what of ['path', 'domain', 'secure']) {
    const response = await site.get(`/${what}`);
    t.is(response.status, 500, what);
    t.is(response.headers.get('set-cookie'), null, what);
    t.regex(await response.text(), /browsers would drop the session cookie __Host-sid/, what);
  }
  t.is((await site.get('/timeout')).status, 200);
});

test('a session cookie that other sites send along is always Secure', async (t) => {
  const site = await serveSite(t, FILES, { session: { cookie: { same_site: 'none' } } });
  t.regex((await site.get('/open')).headers.get('set-cookie') ?? '', /; Secure; SameSite=None$/);
});

const VALUE = 'hunter2-of-the-visitor';

const LEAKY = {
  'set.pih': '<% Session().value = _v %>',
  'error.pih': '<% const s = Session(); s.value; s.nothing %>',
  'throw.pih': '<% const s = Session(); s.value; throw new Error("no luck") %>',
  'function.pih': '<% const s = Session(); s.held = { value: s.value, call: () => 1 } %>',
  'conflict.pih':
    '<% const s = Session(); await s.save(); await fetch(new URL("/bump", REQUEST.url), { headers: { cookie: REQUEST.headers.get("cookie") } }); s.value = `${s.value}?` %>',
  'bump.pih': '<% const s = Session(); s.value = `${s.value}!` %>',
  'retired.pih': '<% const s = Session(); s.close(); %>',
};

/** The messages of a site in both formats, with all causes. */
function logOf(site: TestSite): string {
  const written: string[] = [...site.requests];
  for (const log of ['text', 'json'] as const) {
    const say = messages({
      write: (text) => written.push(text),
      now: Date.now,
      colours: false,
      settings: () => ({ root_dir: site.folder, log }),
    });
    for (const { level, message, cause } of site.logged) say(level, message, cause);
  }
  return written.join('\n');
}

for (const debug of [true, false]) {
  for (const log of ['text', 'json', 'combined'] as const) {
    test(`the log has no value and no id, whatever goes wrong (log ${log}, debug ${debug})`, async (t) => {
      const site = await serveSite(t, LEAKY, { persistent_session: true, debug, log });
      const visitor = new Visitor(site.url);
      const send = (path: string) =>
        visitor.get(path, { method: 'POST', body: new URLSearchParams({ v: VALUE }) });
      await send('/set');
      const id = idOf(visitor);
      const expected: [page: string, status: number, said: RegExp][] = [
        ['/error', 500, /this session has no attribute 'nothing'/],
        ['/throw', 500, /no luck/],
        ['/function', 500, /s\.held\.call/],
        ['/conflict', 200, /value/],
      ];
      for (const [page, status, said] of expected) {
        const before = site.logged.length;
        t.is((await send(page)).status, status, page);
        t.true(site.logged.length > before, page);
        t.regex(logOf(site), said, page);
      }
      await damageStored(site);
      t.is((await send('/set')).status, 200);
      t.regex(logOf(site), /cannot be read/);
      const other = idOf(visitor);
      await breakStore(site);
      t.is((await send('/set')).status, 500);
      t.is((await withId(site, id).get('/retired')).status, 500);
      const said = logOf(site);
      t.regex(said, /session store/i);
      for (const secret of [VALUE, id, other]) t.false(said.includes(secret));
    });
  }
}

for (const { name, url } of databases) {
  test(`the log has no value when ${name} refuses to store it`, async (t) => {
    const table = `leak_${randomBytes(6).toString('hex')}`;
    const dir = await mkdtemp(join(tmpdir(), 'karrigell-leak-'));
    const persistent = { store: 'database', url: url(dir), table };
    const site = await serveSite(t, LEAKY, { persistent_session: persistent });
    const operator = await opened(persistent.url, dir);
    t.teardown(async () => {
      await operator.count(`DROP TABLE ${table}`, []);
      await operator.close();
      await rm(dir, { recursive: true });
    });
    const visitor = new Visitor(site.url);
    const send = (v: string) => visitor.get('/set', { method: 'POST', body: new URLSearchParams({ v }) });
    t.is((await send('short')).status, 200);
    await operator.count(refusal(name, table), []);
    t.is((await send(VALUE)).status, 500);
    const said = logOf(site);
    t.regex(said, /session-database-refused/);
    for (const secret of [VALUE, idOf(visitor)]) t.false(said.includes(secret));
  });
}

/** The statements that make a table refuse rows that contain the value. */
function refusal(database: string, table: string): string {
  if (database !== 'sqlite')
    return `ALTER TABLE ${table} ADD CONSTRAINT no_${table} CHECK (data NOT LIKE '%${VALUE}%')`;
  return `CREATE TRIGGER no_${table} BEFORE UPDATE ON ${table} WHEN NEW.data LIKE '%${VALUE}%' BEGIN SELECT RAISE(ABORT, 'no'); END`;
}

/** Truncates every stored session in the middle of its data, as a full disk may. */
async function damageStored(site: TestSite): Promise<void> {
  for (const file of await sessionFiles(site)) {
    const text = await readFile(file, 'utf8');
    // The modification time of a session file is its deadline.
    const { atime, mtime } = await stat(file);
    await writeFile(file, text.slice(0, text.indexOf(VALUE) + VALUE.length));
    await utimes(file, atime, mtime);
  }
}

/** Puts a file in place of the session folder. */
async function breakStore(site: TestSite): Promise<void> {
  const folder = join(dirname(site.folder), '.karrigell/sessions');
  await rm(folder, { recursive: true });
  await writeFile(folder, '');
}

async function sessionFiles(site: TestSite): Promise<string[]> {
  const folder = join(dirname(site.folder), '.karrigell/sessions');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /^[0-9a-f]{62,64}\.json$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}
