// npm run crash -- --kills 50 --store redis --workers 2
// npm run crash -- --outages 20 --store redis
// npm run crash -- --once --kills 50 --store redis
// Crash tests at length: kills the program so often over each store (or the one that is named), or lets the place of its
// sessions fail, and prints the counts.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { crash } from './crash.ts';
import { WITH_OWN_MOUNTS } from './disk.ts';
import { onceCrash } from './once-crash.ts';
import { interrupt } from './outage.ts';
import { ON_OWN_DISK, OUTAGE_STORES } from './outage-stores.ts';
import { findStores } from './stores.ts';
import type { Tally } from './tally.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string' },
    outages: { type: 'string' },
    store: { type: 'string' },
    workers: { type: 'string' },
    once: { type: 'boolean' },
    'own-mounts': { type: 'boolean' },
  },
});
const workers = Number(values.workers ?? 1);
if (values.outages === undefined) await killAll(Number(values.kills ?? 50));
else await interruptAll(Number(values.outages));

async function killAll(kills: number): Promise<void> {
  const { kinds, missing } = await findStores();
  for (const line of missing) console.log(line);
  for (const name of named([...kinds.keys()])) {
    const store = await kinds.get(name)?.();
    if (store === undefined) continue;
    if (values.once === true && (store.isOfOneProcess || store.isInCookies)) {
      console.log(`${name}: it keeps no forms`);
      await store.close();
      continue;
    }
    if (store.isOfOneProcess && workers > 1) {
      console.log(`${name}: its lock reaches one process only, so it is not tested with workers`);
      await store.close();
      continue;
    }
    const report = progress(`${name}: kill`, kills);
    if (values.once === true) {
      const { faults, ...counts } = await onceCrash(store, { kills, workers, report }).finally(store.close);
      printCounts(name, counts, faults);
      continue;
    }
    print(name, await crash(store, { kills, workers, report }).finally(store.close));
  }
}

async function interruptAll(outages: number): Promise<void> {
  for (const name of named(Object.keys(OUTAGE_STORES))) {
    const open = OUTAGE_STORES[name];
    if (typeof open !== 'function') {
      console.log(`${name}: ${open}`);
      continue;
    }
    if (ON_OWN_DISK.includes(name) && values['own-mounts'] !== true) {
      await withOwnMounts(name, outages);
      continue;
    }
    const store = await open();
    const report = progress(`${name}: outage`, outages);
    print(name, await interrupt(store, { outages, workers, report }).finally(store.close));
  }
}

/** Runs the same for one store, in a mount namespace of its own, whose disks no other process sees. */
async function withOwnMounts(store: string, outages: number): Promise<void> {
  const [command, ...args] = WITH_OWN_MOUNTS;
  const again = [
    process.argv[1] ?? '',
    '--store',
    store,
    '--outages',
    String(outages),
    '--workers',
    String(workers),
  ];
  const child = spawn(command, [...args, process.execPath, ...again, '--own-mounts'], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) process.exitCode = 1;
}

/** All, or the one that is wanted. */
function named(names: readonly string[]): readonly string[] {
  const { store } = values;
  if (store === undefined) return names;
  if (!names.includes(store)) throw new Error(`no store ${store} here; there are: ${names.join(', ')}`);
  return [store];
}

function progress(what: string, of: number): (number: number) => void {
  return (number) => {
    if (process.stderr.isTTY)
      process.stderr.write(`\r${what} ${number} of ${of}${number === of ? '\n' : ''}`);
  };
}

function printCounts(name: string, counts: object, faults: readonly string[]): void {
  const line = Object.entries(counts).map(([what, count]) => `${what} ${count}`);
  console.log(`${name}, workers ${workers}: ${line.join(', ')}`);
  for (const fault of faults) console.log(`  FAULT ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}

function print(name: string, { faults, longest_wait, statuses, ...counts }: Tally): void {
  const line = Object.entries(counts).map(([what, count]) => `${what} ${count}`);
  const answers = [...statuses].map(([status, count]) => `${count} x ${status}`);
  console.log(`${name}, workers ${workers}: ${line.join(', ')}, longest wait ${Math.round(longest_wait)} ms`);
  console.log(`  answers: ${answers.join(', ')}`);
  for (const fault of faults) console.log(`  FAULT ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}
