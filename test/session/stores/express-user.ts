// A process of its own for the tests of stores for express-session: uses one, closes it, and should end by itself.

import { openStore } from '../../../engine/session/stores/store-catalogue.ts';
import { testLoader } from './own-stores.ts';

const [dir = '', options = '{}'] = process.argv.slice(2);
const { store } = await openStore(JSON.parse(options), {
  base_dir: dir,
  log: () => {},
  load_module: testLoader(),
});
const key = 'ab'.repeat(32);
await store.create(key, 'one', 0);
await store.touch(key, Date.now() + 60_000, 0);
await store.read(key);
await store.close();
process.stdout.write('closed\n');
