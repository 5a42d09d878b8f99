// Going through all sessions of a Redis server: how much of it is asked at a time.

import test from 'ava';
import { RedisKeys } from '../../../engine/session/stores/redis/keys.ts';
import { RedisScan } from '../../../engine/session/stores/redis/scan.ts';
import { SCRIPTS, type Script } from '../../../engine/session/stores/redis/scripts.ts';

const KEYS = 500;
const keys = new RedisKeys('');

/** A server that names all its keys at once, as one with a full table may; and about how many it was asked at a time. */
function server() {
  const asked: number[] = [];
  const names = Array.from({ length: KEYS }, (_, index) => keys.data(String(index).padStart(64, '0')));
  const server = {
    isUsable: true,
    send: async ([command]: readonly string[]) => (command === 'SCAN' ? ['0', [...names, ...names]] : KEYS),
  };
  const run = async (script: Script, about: readonly string[]) => {
    const entries = about.filter((name) => name.endsWith(':s'));
    asked.push(entries.length);
    return script === SCRIPTS.readAll ? entries.map(() => ['version', '0', 'text']) : entries.length;
  };
  const servers = { each: [server], run };
  return { asked, scan: new RedisScan({ servers, keys, now: Date.now }, 1) };
}

test('a sweep asks about a few entries at a time, however many are named at once', async (t) => {
  const { asked, scan } = server();
  t.is(await scan.sweep(0), 2 * KEYS);
  t.deepEqual(asked, Array((2 * KEYS) / 50).fill(50));
});

test('a listing reads a few entries at a time, each once, however many are named at once', async (t) => {
  const { asked, scan } = server();
  const listed = new Set<string>();
  for await (const { key, content } of scan.entries('')) if (content === 'text') listed.add(key);
  t.is(listed.size, KEYS);
  t.deepEqual(asked, Array(KEYS / 50).fill(50));
});
