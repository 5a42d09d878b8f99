// A process of its own for the tests of a site's own store: counts so often in one entry; with 'hold' it takes the turn and
// keeps it until it is killed.

import { openStore } from '../../../engine/session/stores/catalogue.ts';
import { testLoader } from './own-stores.ts';

const [dir = '', options = '{}', key = '', times = ''] = process.argv.slice(2);
const { store } = await openStore(JSON.parse(options), {
  base_dir: dir,
  log: () => {},
  load_module: testLoader(),
});

async function count(): Promise<void> {
  const turn = await store.take(key, { page: 'counter.pih', patience: 30 });
  const content = turn.found.state === 'live' ? String(Number(turn.found.content) + 1) : '0';
  if ((await turn.commit({ kind: 'write', content, deadline: 0 })) !== 'done') process.exitCode = 1;
}

if (times === 'hold') {
  await store.take(key, { page: 'counter.pih', patience: 30 });
  process.send?.('held');
  setInterval(() => {}, 1000);
} else {
  for (let run = 0; run < Number(times); run++) await count();
  await store.close();
  process.disconnect();
}
