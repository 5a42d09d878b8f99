// Going through all sessions of a Redis server: how much of it is asked at a time.

import test from 'ava';
import { RedisKeys } from '../../../engine/session/stores/redis/keys.ts';
import { RedisScan } from '../../../engine/session/stores/redis/scan.ts';

const KEYS = 500;
const keys = new RedisKeys('');

/** A server that names all its keys at once, as one with a full table may, and notes how much waits for an answer. */
function server() {
  let waiting = 0;
  const seen = { asked: 0, mostAtOnce: 0 };
  const answer = async (reply: unknown) => {
    seen.asked++;
    seen.mostAtOnce = Math.max(seen.mostAtOnce, ++waiting);
    await new Promise(setImmediate);
    waiting--;
    return reply;
  };
  const names = Array.from({ length: KEYS }, (_, index) => keys.data(String(index).padStart(64, '0')));
  const replies: Readonly<Record<string, unknown>> = {
    DBSIZE: KEYS,
    SCAN: ['0', names],
    HMGET: ['version', '0', 'text'],
  };
  const connection = {
    isUsable: true,
    send: (args: readonly string[]) => answer(replies[String(args[0])]),
    run: () => answer(1),
  };
  return { seen, scan: new RedisScan({ connection, keys, now: Date.now }, 1) };
}

test('a sweep asks about a few entries at a time, however many are named at once', async (t) => {
  const { seen, scan } = server();
  t.is(await scan.sweep(0), KEYS);
  t.is(seen.asked, KEYS + 2);
  t.true(seen.mostAtOnce <= 50);
});

test('a listing reads a few entries at a time, however many are named at once', async (t) => {
  const { seen, scan } = server();
  let listed = 0;
  for await (const { content } of scan.entries('')) if (content === 'text') listed++;
  t.is(listed, KEYS);
  t.true(seen.mostAtOnce <= 50);
});
