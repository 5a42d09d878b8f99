// The settings that a running server cannot change.

import test from 'ava';
import { changesNeedingRestart, configFrom } from '../../config/load-config.ts';
import type { ConfigInput } from '../../config/schema.ts';

const changes = (before: ConfigInput, after: ConfigInput) =>
  changesNeedingRestart(configFrom(before, '/').config, configFrom(after, '/').config);

test('host, port, workers and the store need a restart', (t) => {
  const after: ConfigInput = { host: '::1', port: 1, workers: 2, persistent_session: true };
  t.deepEqual(changes({}, after), ['host', 'port', 'workers', 'persistent_session']);
  t.deepEqual(
    changes(
      { persistent_session: { store: 'json', dir: 'a' } },
      { persistent_session: { store: 'json', dir: 'b' } },
    ),
    ['persistent_session'],
  );
});

test('everything else is applied while running', (t) => {
  t.deepEqual(changes({}, { log: 'json', debug: false, root_dir: 'x', session: { timeout: 1 } }), []);
  t.deepEqual(
    changes({ persistent_session: { store: 'json' } }, { persistent_session: { store: 'json' } }),
    [],
  );
});
