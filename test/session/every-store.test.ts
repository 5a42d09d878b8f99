// The table of stores is true: the row of a store and the store itself say the same of its abilities, and each rule that a row
// names as one that its store cannot keep exists.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { openStore } from '../../engine/session/stores/store-catalogue.ts';
import { everyStore } from './every-store.ts';
import { STORES } from './store-rows.ts';
import { testLoader } from './stores/own-stores.ts';

const sources = fileURLToPath(new URL('../../../test/session/', import.meta.url));

test('every reason why a store cannot keep a rule belongs to a rule', (t) => {
  const rules = readdirSync(sources)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(path.join(sources, name), 'utf8'))
    .join('\n');
  for (const { name, cannot = {} } of STORES)
    for (const title of Object.keys(cannot)) t.true(rules.includes(title), `${name}: ${title}`);
  t.pass();
});

everyStore(
  'the reach of its locks is that of its row',
  async (t, site, row) => {
    const { config } = site.place;
    if (typeof config === 'boolean') return t.fail();
    const { store } = await openStore(config, {
      base_dir: site.dir,
      log: () => {},
      load_module: testLoader(),
    });
    t.is(store.lock, row.lock);
    await store.close();
  },
  { needs: ['text'] },
);
