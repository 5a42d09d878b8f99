// Settings from KARRIGELL_ variables.

import test from 'ava';
import { loadConfig } from '../../config/load-config.ts';

const configWith = (env: Record<string, string>) => loadConfig({ cwd: '/nowhere', env }).config;

test('a variable sets the key of its name, underscores in keys included', (t) => {
  const config = configWith({
    KARRIGELL_PORT: '3000',
    KARRIGELL_SESSION_COOKIE_NAME: 'sid',
    KARRIGELL_SESSION_REMEMBER_ME_TIMEOUT: '60',
    KARRIGELL_MAX_SESSIONS: '7',
  });
  t.is(config.port, 3000);
  t.is(config.session.cookie.name, 'sid');
  t.is(config.session.remember_me_timeout, 60);
  t.is(config.max_sessions, 7);
});

test('a value is taken as the setting wants it: true or false, null, text, number', (t) => {
  const config = configWith({
    KARRIGELL_DEBUG: 'false',
    KARRIGELL_EDITOR: 'null',
    KARRIGELL_SESSION_COOKIE_SECURE: 'auto',
    KARRIGELL_SESSION_COOKIE_NAME: '123',
    KARRIGELL_LOG: 'json',
    KARRIGELL_LIMITS_BODY: '5kb',
    KARRIGELL_WATCH: 'true',
  });
  t.is(config.debug, false);
  t.is(config.editor, null);
  t.is(config.session.cookie.secure, 'auto');
  t.is(config.session.cookie.name, '123');
  t.is(config.log, 'json');
  t.is(config.limits.body, 5120);
  t.is(configWith({ KARRIGELL_LOG: 'false' }).log, false);
});

test('objects and lists are JSON', (t) => {
  const config = configWith({
    KARRIGELL_CROSS_SITE: '["/pay"]',
    KARRIGELL_HEADERS: '{"X-A":"1"}',
    KARRIGELL_PERSISTENT_SESSION: '{"store":"json","dir":"/var/s"}',
  });
  t.deepEqual(config.cross_site, ['/pay']);
  t.deepEqual(config.headers, { 'X-A': '1' });
  t.deepEqual(config.persistent_session, { store: 'json', dir: '/var/s' });
});

test('a group may be given whole; a variable for one of its keys goes before it', (t) => {
  const { limits } = configWith({ KARRIGELL_LIMITS_BODY: '5', KARRIGELL_LIMITS: '{"body":1,"files":2}' });
  t.is(limits.body, 5);
  t.is(limits.files, 2);
  t.is(limits.fields, 1000);
});

test('an empty variable counts as unset', (t) => {
  t.is(configWith({ KARRIGELL_PORT: '' }).port, 8080);
});

test('a wrong value names the variable', (t) => {
  t.throws(() => configWith({ KARRIGELL_PORT: 'abc' }), {
    code: 'config-wrong-value',
    message: 'port is "abc" (from KARRIGELL_PORT), expected a whole number from 0 to 65535',
  });
  t.throws(() => configWith({ KARRIGELL_LIMITS: '{"bdy":1}' }), {
    code: 'config-unknown-key',
    message: 'unknown key "limits.bdy" (from KARRIGELL_LIMITS), expected "limits.body"',
  });
  t.throws(() => configWith({ KARRIGELL_WORKERS: '3' }), {
    code: 'config-workers-need-store',
    message: /workers is 3 \(from KARRIGELL_WORKERS\)/,
  });
});

test('an unknown KARRIGELL_ variable is config-unknown-variable with the nearest name', (t) => {
  t.throws(() => configWith({ KARRIGELL_SESION_TIMEOUT: '3' }), {
    code: 'config-unknown-variable',
    message: 'unknown environment variable KARRIGELL_SESION_TIMEOUT, expected KARRIGELL_SESSION_TIMEOUT',
  });
  t.notThrows(() => configWith({ OTHER_KARRIGELL_PORT: 'x', KARRIGELLA: 'x' }));
});
