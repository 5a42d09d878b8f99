// npm run crash -- --kills 50 --store redis --workers 2
// Crash tests at length: kills the program so often over each store (or the one that is named) and prints the counts.

import { parseArgs } from 'node:util';
import { crash } from './crash.ts';
import { findStores } from './stores.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string' }, store: { type: 'string' }, workers: { type: 'string' } },
});
const kills = Number(values.kills ?? 50);
const workers = Number(values.workers ?? 1);
const { kinds, missing } = await findStores();
for (const line of missing) console.log(line);
const names = values.store === undefined ? [...kinds.keys()] : [values.store];

for (const name of names) {
  const open = kinds.get(name);
  if (open === undefined)
    throw new Error(`no store ${name} here; there are: ${[...kinds.keys()].join(', ')}`);
  const store = await open();
  const report = (kill: number) =>
    process.stderr.isTTY &&
    process.stderr.write(`\r${name}: kill ${kill} of ${kills}${kill === kills ? '\n' : ''}`);
  const { faults, longest_wait, ...counts } = await crash(store, { kills, workers, report }).finally(
    store.close,
  );
  const line = Object.entries(counts).map(([what, count]) => `${what} ${count}`);
  console.log(`${name}, workers ${workers}: ${line.join(', ')}, longest wait ${Math.round(longest_wait)} ms`);
  for (const fault of faults) console.log(`  FAULT ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}
