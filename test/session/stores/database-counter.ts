// A process of its own for the tests of the database store: counts so often in one entry; with 'hold' it counts once,
// takes the turn again and keeps it until it is killed; with 'kill' it counts until it is killed, and tells each time.

import { openDatabaseStore } from '../../../engine/session/stores/database/open.ts';

const [dir = '', options = '{}', key = '', times = ''] = process.argv.slice(2);
const { store } = await openDatabaseStore(JSON.parse(options), { base_dir: dir, log: () => {} });

async function count(): Promise<void> {
  const turn = await store.take(key, { page: 'counter.pih', patience: 30 });
  const content = turn.found.state === 'live' ? String(Number(turn.found.content) + 1) : '0';
  if ((await turn.commit({ kind: 'write', content, deadline: 0 })) !== 'done') process.exitCode = 1;
}

if (times === 'hold') {
  await count();
  await store.take(key, { page: 'counter.pih', patience: 30 });
  process.send?.('held');
  setInterval(() => {}, 1000);
} else if (times === 'kill') {
  for (;;) {
    await count();
    process.send?.('counted');
  }
} else {
  for (let run = 0; run < Number(times); run++) await count();
  await store.close();
  process.disconnect();
}
