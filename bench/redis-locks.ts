// The time that requests of one session wait for each other over Redis: 200 requests from 4 processes, a page of 5 ms, several at a
// time in each process. Needs a server; KARRIGELL_BENCH_REDIS names another than redis://127.0.0.1:6379.
// Run: npm run build && node dist/bench/redis-locks.js

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { configFrom } from '../config/load-config.ts';
import { openSessions, type Sessions } from '../engine/session/index.ts';
import { visit } from './scale/visit.ts';

const PROCESSES = 4;
const REQUESTS = 200;
const PAGE_MS = 5;
const url = process.env.KARRIGELL_BENCH_REDIS ?? 'redis://127.0.0.1:6379';

async function open(): Promise<Sessions> {
  const persistent_session = { store: 'redis', url, prefix: 'karrigell-bench:' };
  const { config } = configFrom({ persistent_session }, process.cwd());
  return openSessions(config, { base_dir: process.cwd(), log: console.error });
}

/** The work of one process: its share of the requests, `together` at a time. Sends the milliseconds of each to the parent. */
async function work(cookie: string, together: number): Promise<void> {
  const sessions = await open();
  const times: number[] = [];
  process.send?.('ready');
  await once(process, 'message');
  const lane = async () => {
    for (let done = 0; done < REQUESTS / PROCESSES / together; done++) {
      const began = performance.now();
      await visit(sessions, cookie, async (session) => {
        const count = Number(Reflect.get(session, 'count'));
        await pause(PAGE_MS);
        Reflect.set(session, 'count', count + 1);
      });
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: together }, lane));
  await sessions.close();
  process.send?.(times);
  process.disconnect();
}

async function measure(sessions: Sessions, together: number): Promise<void> {
  const { cookies } = await visit(sessions, undefined, (session) => void Reflect.set(session, 'count', 0));
  const cookie = cookies[0]?.split(';')[0] ?? '';
  const children = Array.from({ length: PROCESSES }, () =>
    fork(fileURLToPath(import.meta.url), [cookie, String(together)]),
  );
  await Promise.all(children.map((child) => once(child, 'message')));
  const began = performance.now();
  const results = children.map((child) => once(child, 'message'));
  for (const child of children) child.send('go');
  const times = (await Promise.all(results)).flatMap(([sent]) =>
    Array.isArray(sent) ? sent.map(Number) : [],
  );
  const all = performance.now() - began;
  let count: unknown;
  await visit(sessions, cookie, (session) => {
    count = Reflect.get(session, 'count');
    Reflect.get(session, 'close').call(session);
  });
  times.sort((a, b) => a - b);
  const at = (part: number) => (times[Math.floor(times.length * part)] ?? 0).toFixed(1);
  console.log(
    `${together} at a time: median ${at(0.5)} ms, p99 ${at(0.99)} ms, all in ${(all / 1000).toFixed(2)} s; counted ${count}`,
  );
}

const [cookie, together] = process.argv.slice(2);
if (cookie !== undefined) await work(cookie, Number(together));
else {
  const sessions = await open();
  for (const lanes of [1, 2, 5]) await measure(sessions, lanes);
  await sessions.close();
}
