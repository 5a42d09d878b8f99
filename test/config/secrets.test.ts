// The settings that a page, an error and `karrigell config` may show.

import test from 'ava';
import fc from 'fast-check';
import { configFrom } from '../../config/load-config.ts';
import { masked, publicConfig, shown } from '../../config/secrets.ts';

const { config } = configFrom(
  {
    persistent_session: {
      store: './own.ts',
      url: 'redis://shop:hunter2@db:6379/1?password=hunter3',
      secrets: ['hunter4'],
      options: { password: 'hunter5', port: 1 },
    },
  },
  '/srv',
);

test("a page's CONFIG has no secrets and masks the passwords in URLs", (t) => {
  const visible = publicConfig(config);
  t.notRegex(JSON.stringify(visible), /hunter/);
  t.deepEqual(visible.persistent_session, {
    store: './own.ts',
    url: 'redis://shop:***@db:6379/1?password=***',
    options: { port: 1 },
  });
  t.is(visible.port, 8080);
});

test("a page's CONFIG is frozen, however deep", (t) => {
  const visible = publicConfig(config);
  t.true(Object.isFrozen(visible));
  t.true(Object.isFrozen(visible.session));
  t.true(Object.isFrozen(Object(visible.session).cookie));
  t.true(Object.isFrozen(visible.cross_site));
});

test('the printed configuration has the names of secrets and masks their values', (t) => {
  t.deepEqual(masked(config.persistent_session), {
    store: './own.ts',
    url: 'redis://shop:***@db:6379/1?password=***',
    secrets: '***',
    options: { password: '***', port: 1 },
  });
});

test('a page sees which further fields are secret', (t) => {
  const { config } = configFrom({ secret_fields: ['taxId'] }, '/');
  t.deepEqual(publicConfig(config).secret_fields, ['taxId']);
});

test('a long value is cut in an error', (t) => {
  t.is(shown('x'.repeat(200)).length, 80);
  t.is(shown(5), '5');
  t.is(shown(undefined), 'nothing');
  t.is(shown('hunter2', ['persistent_session', 'password']), '"***"');
});

/** Passwords as people write them into URLs, unescaped; the parser of the driver decides where they end. */
const HARD = [
  'redis://user:p@ssTAIL@127.0.0.1:1',
  'redis://user:passTAIL/x@127.0.0.1:1',
  'redis://user:p@ssTAIL/x@127.0.0.1:1',
  'redis://user:123/TAIL@127.0.0.1',
  'redis://user:12#TAIL@127.0.0.1',
  'redis://:passTAIL?x@127.0.0.1',
  'mysql://user:pa ssTAIL@db/shop',
  'mysql:user:passTAIL@db/shop',
  ' redis://user:passTAIL@127.0.0.1',
  'redis://user:pass\tTAIL@127.0.0.1',
  'server=redis://user:passTAIL@127.0.0.1;name=x',
  'postgres://db/shop?passw%6Frd=TAIL',
  'postgres://db/shop?sslmode=require&pass+word=x&PassWord=TAIL&n=1#top',
  'sqlite:file.db?key=1&api-key=TAIL',
  'redis://db?pwd=TAIL',
  'redis://db?auth=TAIL',
];

for (const url of HARD)
  test(`nothing shows the password of ${JSON.stringify(url)}`, (t) => {
    const config = configFrom({ persistent_session: { store: './own.ts', url } }, '/srv').config;
    for (const shownText of [
      shown(url),
      JSON.stringify(publicConfig(config)),
      JSON.stringify(masked(config)),
    ])
      t.notRegex(shownText, /TAIL/);
  });

test('neither a password nor its end is shown, whatever its characters', (t) => {
  const password = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 });
  const scheme = fc.constantFrom('redis', 'postgres', 'mysql', 'https');
  fc.assert(
    fc.property(scheme, password, fc.boolean(), (name, text, isEscaped) => {
      const written = isEscaped ? encodeURIComponent(`${text}TAIL`) : `${text}TAIL`;
      t.notRegex(shown(`${name}://user:${written}@db.example:1/shop`, [], 1000), /TAIL/);
      t.notRegex(
        shown(`${name}://db.example/shop?secret=${encodeURIComponent(`${text}TAIL`)}`, [], 1000),
        /TAIL/,
      );
    }),
  );
});

test('texts without a password stay as they are', (t) => {
  for (const text of [
    'redis://db:6379/1',
    'https://a.example',
    '/srv/x@y',
    'C:\\x@y',
    'a@b',
    'postgres://user@db/x?a=1',
    'what? a=b',
  ])
    t.is(masked(text), text);
});

test('the options of a store are secret by their names, at any depth', (t) => {
  const options = {
    pass: 'TAIL',
    pwd: 'TAIL',
    auth: { user: 'TAIL' },
    authorization: 'TAIL',
    dbPass: 'TAIL',
    accessKey: 'TAIL',
    authtoken: 'TAIL',
    MYSQL_PWD: 'TAIL',
    dbpwd: 'TAIL',
    passwort: 'TAIL',
    conObject: { host: 'db', pass: 'TAIL', passphrase: 'TAIL' },
    servers: [{ db_auth: 'TAIL', 'api-key': 'TAIL' }],
  };
  const config = configFrom(
    { persistent_session: { store: 'express-session', module: 'x', options } },
    '/',
  ).config;
  t.notRegex(JSON.stringify(publicConfig(config)), /TAIL/);
  t.notRegex(JSON.stringify(masked(config)), /TAIL/);
  t.deepEqual(Object(publicConfig(config).persistent_session).options, {
    conObject: { host: 'db' },
    servers: [{}],
  });
  t.like(masked({ author: 'Ann', bypass: 1, compass: 'n', authority: 'x' }), {
    author: 'Ann',
    bypass: 1,
    compass: 'n',
    authority: 'x',
  });
});
