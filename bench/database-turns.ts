// What 100 requests of one visitor at once cost another visitor over an SQL database: the other one's requests alone,
// then while the 100 take turns (pages of 5 ms). No connection is held by those who wait, so the two should differ little.
// Run: npm run build && node dist/bench/database-turns.js postgres://postgres@127.0.0.1/test mysql://… sqlite:/tmp/bench.db

import { setTimeout as pause, setImmediate as turnOfLoop } from 'node:timers/promises';
import { configFrom } from '../config/load-config.ts';
import { openSessions, type Sessions } from '../engine/session/index.ts';
import { visit } from './scale/visit.ts';

const REQUESTS = 100;
const PAGE_MS = 5;

/** A new visitor's cookie. */
async function visitor(sessions: Sessions): Promise<string> {
  const { cookies } = await visit(sessions, undefined, (session) => void Reflect.set(session, 'count', 0));
  return cookies[0]?.split(';')[0] ?? '';
}

async function countUp(session: object, pageMs: number): Promise<void> {
  const count = Number(Reflect.get(session, 'count'));
  if (pageMs > 0) await pause(pageMs);
  Reflect.set(session, 'count', count + 1);
}

/** One request after another until the end; the milliseconds that each took. */
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
    // SQLite answers without a turn of the event loop, which a real request always has.
    await turnOfLoop();
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
