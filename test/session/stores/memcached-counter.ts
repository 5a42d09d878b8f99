// A process of its own for the tests of the memcached store: counts so often in one entry and writes a '+' for every count
// that was acknowledged; 'on': until it is killed; 'hold': counts once, takes the turn again and keeps it.

import { writeSync } from 'node:fs';
import { openMemcachedStore } from '../../../engine/session/stores/memcached/open.ts';

const [options = '{}', key = '', times = ''] = process.argv.slice(2);
const { store } = await openMemcachedStore(JSON.parse(options), { base_dir: process.cwd(), log: () => {} });

async function count(): Promise<void> {
  const turn = await store.take(key, { page: 'counter.pih', patience: 30 });
  const content = turn.found.state === 'live' ? String(Number(turn.found.content) + 1) : 'nothing';
  if ((await turn.commit({ kind: 'write', content, deadline: 0 })) === 'done') writeSync(1, '+');
  else process.exitCode = 1;
}

if (times === 'hold') {
  await count();
  await store.take(key, { page: 'counter.pih', patience: 30 });
  process.send?.('held');
} else {
  for (let run = 0; times === 'on' || run < Number(times); run++) await count();
  await store.close();
  if (process.connected) process.disconnect();
}
