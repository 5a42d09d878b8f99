// docs/configuration.md has every key of the configuration with its default, and every option of the stores with its own.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { LEAVES } from '../../config/leaves.ts';
import { storeShape } from '../../config/store-options.ts';

const TEXT = readFileSync(fileURLToPath(new URL('../../../docs/configuration.md', import.meta.url)), 'utf8');

/** The defaults of the tables by their keys. A row may have several keys, with as many defaults. */
const DEFAULTS: ReadonlyMap<string, string> = new Map(
  TEXT.split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(' | '))
    .flatMap(([keys = '', defaults = '']) => {
      const shown = defaults.match(/`[^`]*`/g) ?? [];
      return (keys.match(/`[\w.]+`/g) ?? []).map((key, index): [string, string] => [
        key.slice(1, -1),
        shown[index]?.slice(1, -1) ?? '',
      ]);
    }),
);

test('every key has a row with its default', (t) => {
  t.true(LEAVES.length > 40);
  const wrong = LEAVES.filter(({ key, leaf }) =>
    leaf.derived === undefined ? DEFAULTS.get(key) !== JSON.stringify(leaf.default) : !DEFAULTS.has(key),
  );
  t.deepEqual(
    wrong.map(({ key }) => key),
    [],
  );
});

test('every option of a store is in the row of its store, with its default', (t) => {
  const { allOf } = JSON.parse(JSON.stringify(storeShape.schema));
  const wrong: string[] = [];
  for (const { then } of allOf) {
    const { store, ...options } = then.properties;
    t.deepEqual(store, { type: 'string', minLength: 1 });
    for (const [option, schema] of Object.entries<{ default?: unknown }>(options)) {
      const shown = schema.default === undefined ? '' : `: ${JSON.stringify(schema.default)}`;
      if (!TEXT.includes(`\`"${option}"${shown}`)) wrong.push(`${option}${shown}`);
    }
  }
  t.deepEqual(wrong, []);
});
