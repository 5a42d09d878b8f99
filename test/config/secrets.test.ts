// What a page, an error and `karrigell config` may show.

import test from 'ava';
import { configFrom } from '../../config/load.ts';
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

test('what is printed keeps the names of secrets and masks their values', (t) => {
  t.deepEqual(masked(config.persistent_session), {
    store: './own.ts',
    url: 'redis://shop:***@db:6379/1?password=***',
    secrets: '***',
    options: { password: '***', port: 1 },
  });
});

test('a long value is cut in an error', (t) => {
  t.is(shown('x'.repeat(200)).length, 80);
  t.is(shown(5), '5');
  t.is(shown(undefined), 'nothing');
  t.is(shown('hunter2', ['persistent_session', 'password']), '"***"');
});
