// Going through all names of a Redis server: how many of them are asked about at a time.

import test from 'ava';
import { scannedNames } from '../../../engine/session/stores/redis/redis-scan.ts';

const KEYS = 500;
const NAMES = Array.from({ length: KEYS }, (_, index) => `{${String(index).padStart(64, '0')}}:s`);

test('names are given a few at a time, each once, however many a server returns at once', async (t) => {
  // Servers with full tables may give all their names at once, some of them twice, and names that are moving.
  const full = { send: async () => ['0', [...NAMES, ...NAMES]] };
  const groups: number[] = [];
  const listed = new Set<string>();
  for await (const names of scannedNames([full, full], '*')) {
    groups.push(names.length);
    for (const name of names) listed.add(name);
  }
  t.deepEqual(groups, Array(KEYS / 50).fill(50));
  t.deepEqual([...listed], NAMES);
});

test('pages are asked for until the server has no more', async (t) => {
  const asked: string[][] = [];
  const pages = [
    ['7', NAMES.slice(0, 3)],
    ['9', []],
    ['0', NAMES.slice(3, 5)],
  ];
  const send = async (command: string[]) => {
    asked.push(command);
    return pages.shift();
  };
  const listed: string[] = [];
  for await (const names of scannedNames([{ send }], 'a*')) listed.push(...names);
  t.deepEqual(listed, NAMES.slice(0, 5));
  t.deepEqual(
    asked.map(([, cursor, , pattern]) => `${cursor} ${pattern}`),
    ['0 a*', '7 a*', '9 a*'],
  );
});
