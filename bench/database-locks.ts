// The time of a visitor's requests over an SQL database, alone and beside 100 simultaneous requests of one other visitor (pages of
// 5 ms). Waiting requests hold no connection, so the two times should differ little.
// Run: npm run build && node dist/bench/database-locks.js postgres://postgres@127.0.0.1/test mysql://… sqlite:/tmp/bench.db

import { setImmediate as nextLoopTurn, setTimeout as pause } from 'node:timers/promises';
import { configFrom } from '../config/load-config.ts';
import { openSessions, type Sessions } from '../engine/session/index.ts';
import { visit } from './scale/visit.ts';

const REQUESTS = 100;
const PAGE_MS = 5;

/** The cookie of a new visitor. */
async function visitor(sessions: Sessions): Promise<string> {
  const { cookies } = await visit(sessions, undefined, (session) => void Reflect.set(session, 'count', 0));
  return cookies[0]?.split(';')[0] ?? '';
}

async function countUp(session: object, pageMs: number): Promise<void> {
  const count = Number(Reflect.get(session, 'count'));
  if (pageMs > 0) await pause(pageMs);
  Reflect.set(session, 'count', count + 1);
}

/** Sends one request after another until the end. Returns the milliseconds of each. */
async function timesUntil(sessions: Sessions, cookie: string, end: Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let ended = false;
  void end.then(() => {
    ended = true;
  });
  while (!ended) {
    const began = performance.now();
    await visit(sessions, cookie, (session) => countUp(session, 0));
    times.push(performance.now() - began);
    // SQLite answers within one turn of the event loop, but a real request always waits for the next one.
    await nextLoopTurn();
  }
  return times;
}

async function measure(url: string): Promise<void> {
  const persistent_session = { store: 'database', url, table: 'karrigell_bench' };
  const { config } = configFrom({ persistent_session }, process.cwd());
  const sessions = await openSessions(config, { base_dir: process.cwd(), log: console.error });
  const [busy, other] = [await visitor(sessions), await visitor(sessions)];
  await timesUntil(sessions, other, pause(500));
  const alone = await timesUntil(sessions, other, pause(1000));
  const began = performance.now();
  const all = Array.from({ length: REQUESTS }, () =>
    visit(sessions, busy, (session) => countUp(session, PAGE_MS)),
  );
  const beside = await timesUntil(sessions, other, Promise.all(all));
  const took = performance.now() - began;
  let counted: unknown;
  await visit(sessions, busy, (session) => {
    counted = Reflect.get(session, 'count');
  });
  console.log(
    `${sessions.description}: ${REQUESTS} requests in ${took.toFixed(0)} ms, counted ${counted}\n` +
      `  another visitor alone ${spread(alone)}; meanwhile ${spread(beside)}`,
  );
  await sessions.administration.clear();
  await sessions.close();
}

function spread(times: number[]): string {
  times.sort((a, b) => a - b);
  const at = (part: number) =>
    (times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0).toFixed(1);
  return `median ${at(0.5)} ms, longest ${at(1)} ms (${times.length} requests)`;
}

for (const url of process.argv.slice(2)) await measure(url);
