// A store with many sessions beside one with a thousand: the time of requests and of the sweep, the pauses of the event loop, and
// memory. Both are filled, measured in alternating rounds, and removed. If there is a store of express-session for the same kind of
// place, it is measured in the same way.
// Run: npm run bench:scale -- --store json --sessions 1000000
// Stores: json, memory, redis (a server of its own is started), sqlite, or the URL of a PostgreSQL or MySQL database.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pauseRows } from './scale/beside.ts';
import { peerRequestRows, peerSweepRows } from './scale/beside-peer.ts';
import { shown, table } from './scale/figures.ts';
import { type FilledStore, openFilledStore } from './scale/filled-store.ts';
import { megabytes, memory } from './scale/memory.ts';
import { type FilledPeer, filledPeer, type Peer, peerOf } from './scale/peers.ts';
import { requestRows } from './scale/requests.ts';
import { sweepRows } from './scale/sweeping.ts';

const SMALL = 1000;

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'json' },
    sessions: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '7' },
  },
});

async function main(store: string, count: number, rounds: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'karrigell-scale-'));
  const stores: FilledStore[] = [];
  try {
    const [began, empty] = [performance.now(), memory()];
    const small = await openFilledStore(store, folder, SMALL);
    stores.push(small);
    const large = await openFilledStore(store, folder, count);
    stores.push(large);
    const [seconds, full] = [(performance.now() - began) / 1000, memory()];
    console.log(
      `${store.replace(/:\/\/.*/, '')}: ${count} sessions beside ${SMALL}, Node ${process.version}`,
    );
    console.log(
      `filled in ${shown(seconds)} s, for which the heap grew by ${megabytes(full.heap - empty.heap)}`,
    );
    await report(large, small, rounds);
  } finally {
    for (const store of stores) await store.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

async function besidePeer(peer: Peer, count: number, rounds: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'karrigell-scale-'));
  const stores: FilledPeer[] = [];
  try {
    const small = await filledPeer(peer, folder, SMALL);
    stores.push(small);
    const large = await filledPeer(peer, folder, count);
    stores.push(large);
    console.log(`${peer.name}, as express-session uses it`);
    print([
      ['a request', `of ${count}`, `of ${SMALL}`, 'ratio'],
      ...(await peerRequestRows(large, small, rounds)),
    ]);
    print([
      ['the sweep', 'all of it', 'longest pause by the clock', 'but for the core', 'at work'],
      ...(await peerSweepRows([large, small], rounds)),
    ]);
  } finally {
    for (const store of stores) await store.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

async function report(large: FilledStore, small: FilledStore, rounds: number): Promise<void> {
  print([
    ['a request', `of ${large.count}`, `of ${small.count}`, 'ratio'],
    ...(await requestRows(large, small, rounds)),
  ]);
  const before = memory();
  print([
    ['the sweep', 'removed', 'steps', 'a step', 'the longest', 'all', 'a session', 'work of a session'],
    ...(await sweepRows(large, small)),
  ]);
  print([
    ['longest pause', 'by the clock', 'but for the core', 'at work', 'monitor', 'a visit', 'p99'],
    ...(await pauseRows(large, rounds)),
  ]);
  const after = memory();
  console.log(
    `heap ${megabytes(before.heap)}, after the sweeps ${megabytes(after.heap)}; RSS ${megabytes(before.rss)}, ${megabytes(after.rss)}\n`,
  );
}

function print(rows: readonly (readonly string[])[]): void {
  console.log(`\n${table(rows)}\n`);
}

const [count, rounds] = [Number(values.sessions), Number(values.rounds)];
await main(values.store, count, rounds);
const peer = peerOf(values.store);
if (peer !== undefined) await besidePeer(peer, count, rounds);
