// The schema for editors, and the agreement of types, schema and defaults.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { configurationSchema } from '../../config/json-schema.ts';
import { LEAVES } from '../../config/leaves.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { Config, ConfigInput } from '../../config/schema.ts';
import { isConfigInput, isValidFor } from '../../config/validate.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

test('config.schema.json has the text that the declaration gives (else: node dist/config/write-schema.js)', (t) => {
  const shipped: unknown = JSON.parse(readFileSync(join(root, 'config/config.schema.json'), 'utf8'));
  t.deepEqual(shipped, JSON.parse(JSON.stringify(configurationSchema())));
});

test('every default is valid for its own schema and every setting is documented', (t) => {
  for (const { key, leaf } of LEAVES) {
    t.true(leaf.derived !== undefined || isValidFor(leaf.schema, leaf.default), key);
    t.regex(leaf.description, /\.$/, key);
  }
});

test('the configuration of the demo site is valid', (t) => {
  t.notThrows(() => loadConfig({ cwd: root, env: {} }));
});

test('the types agree with the schema', (t) => {
  const input: ConfigInput = {
    workers: 'auto',
    limits: { body: '1mb' },
    session: { cookie: { secure: 'auto' } },
  };
  t.true(isConfigInput(input));
  // @ts-expect-error: no number of bytes
  const size: ConfigInput = { limits: { body: 'much' } };
  // @ts-expect-error: not one of the choices
  const choice: ConfigInput = { session: { cookie: { same_site: 'lex' } } };
  // @ts-expect-error: no such key
  const key: ConfigInput = { prot: 1 };
  for (const wrong of [size, choice, key]) t.false(isConfigInput(wrong));
  const loaded: (config: Config) => [number, 'throw' | 'undefined', boolean | 'auto', readonly string[]] = (
    config,
  ) => [config.limits.body, config.session.missing, config.session.cookie.secure, config.cross_site];
  t.is(typeof loaded, 'function');
});
