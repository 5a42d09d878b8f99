// Several processes that share one port.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import { configFrom } from '../../config/load-config.ts';
import { workerCount } from '../../engine/process/run-server.ts';
import { waitBeforeRestart } from '../../engine/process/workers.ts';
import { Broken, Client } from '../crash/client.ts';
import { folderWith } from '../folder.ts';
import { Visitor } from '../visitor.ts';
import { program } from './program.ts';

const SITE = {
  'karrigell.config.json': { persistent_session: true, watch: false },
  'site/index.pih': "<% const s = Session(); s.n = s.get('n', 0) + 1; %><%= s.n %>",
  'site/pid.pih': '<%= process.pid %>',
  'site/hang.pih': "<% console.log('hangs'); for (const end = Date.now() + 20_000; Date.now() < end; ); %>",
};

test.serial('two workers count one visitor together, and start-up is printed once', async (t) => {
  const cwd = await folderWith(t, SITE);
  const { url, child, ended, output, printed } = await program(t, cwd, ['--workers', '2']);
  await printed(/sessions: .*\n/);
  t.is(output().match(/http:/g)?.length, 1);
  const visitor = new Visitor(url);
  await visitor.text('/');
  const counts = await Promise.all(Array.from({ length: 20 }, () => visitor.text('/')));
  t.deepEqual(
    counts.map(Number).sort((a, b) => a - b),
    Array.from({ length: 20 }, (_, index) => index + 2),
  );
  child.kill('SIGTERM');
  t.is(await ended, 0);
});

test.serial('a worker that is killed is replaced, and the others keep running', async (t) => {
  const cwd = await folderWith(t, SITE);
  const { url, printed } = await program(t, cwd, ['--workers', '2']);
  const victim = Number(await (await fetch(`${url}/pid`)).text());
  process.kill(victim, 'SIGKILL');
  await printed(new RegExp(`worker ${victim} ended with SIGKILL; another one starts in \\d+ ms`));
  t.not(Number(await (await fetch(`${url}/pid`, { headers: { connection: 'close' } })).text()), victim);
});

test.serial(
  'a worker is started again after the folder that the program was started in was removed',
  async (t) => {
    const cwd = await folderWith(t, { ...SITE, 'release/a.txt': '' });
    const { url, output } = await program(t, join(cwd, 'release'), [
      '--config',
      join(cwd, 'karrigell.config.json'),
      '--workers',
      '2',
    ]);
    await rm(join(cwd, 'release'), { recursive: true });
    const victims = await pidsOf(url, 2);
    for (const victim of victims) process.kill(victim, 'SIGKILL');
    // A connection that a worker had when it was killed breaks.
    const answered = () => pidsOf(url, 1).catch(() => pause(50));
    let after = await answered();
    while (after === undefined || victims.includes(after[0] ?? 0)) after = await answered();
    // Both workers run again.
    const pids = await pidsOf(url, 2);
    await pause(500);
    t.true(pids.every(isThere));
    t.notRegex(output(), /ended with code/);
  },
);

/** The processes that answer. */
async function pidsOf(url: string, count: number): Promise<number[]> {
  const pids = new Set<number>();
  while (pids.size < count) {
    pids.add(Number(await (await fetch(`${url}/pid`, { headers: { connection: 'close' } })).text()));
  }
  return [...pids];
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A client that requests /pid repeatedly until it is stopped. */
class Asker {
  /** The process that answered first. */
  readonly first: Promise<number>;
  /** The number of broken connections; resolves when the client has stopped. */
  readonly broken: Promise<number>;

  constructor(url: string, stop: AbortSignal, connection: 'kept' | 'new') {
    const client = new Client(url);
    const ask = async () => Number((await client.ask('/pid', undefined, connection)).body);
    this.first = ask();
    this.broken = this.first.then(async () => {
      let broken = 0;
      while (!stop.aborted) {
        await ask().catch((error: unknown) => {
          if (!(error instanceof Broken)) throw error;
          broken++;
        });
      }
      client.close();
      return broken;
    });
  }
}

test.serial(
  'a killed worker breaks the requests that it had and no others; new connections are accepted',
  async (t) => {
    const cwd = await folderWith(t, SITE);
    const { url, printed } = await program(t, cwd, ['--workers', '3']);
    const stop = new AbortController();
    const kept = Array.from({ length: 6 }, () => new Asker(url, stop.signal, 'kept'));
    const fresh = Array.from({ length: 2 }, () => new Asker(url, stop.signal, 'new'));
    const firsts = await Promise.all(kept.map(({ first }) => first));
    await Promise.all(fresh.map(({ first }) => first));
    const [victim = 0] = firsts;
    process.kill(victim, 'SIGKILL');
    await printed(new RegExp(`worker ${victim} ended with SIGKILL`));
    t.false((await pidsOf(url, 3)).includes(victim));
    stop.abort();
    const broken = await Promise.all(kept.map((asker) => asker.broken));
    t.true(new Set(firsts).size > 1);
    t.deepEqual(
      broken.filter((times, index) => times > 0 && firsts[index] !== victim),
      [],
    );
    for (const times of [...broken, ...(await Promise.all(fresh.map((asker) => asker.broken)))])
      t.true(times <= 1);
  },
);

test.serial('when all workers are killed, the port stays the same', async (t) => {
  const cwd = await folderWith(t, SITE);
  const { url, printed } = await program(t, cwd, ['--workers', '2']);
  const pids = await pidsOf(url, 2);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  for (const pid of pids) await printed(new RegExp(`worker ${pid} ended with SIGKILL`));
  const client = new Client(url);
  t.teardown(() => client.close());
  let answer = await client.ask('/pid').catch(() => undefined);
  for (; answer === undefined; answer = await client.ask('/pid').catch(() => undefined)) await pause(20);
  t.false(pids.includes(Number(answer.body)));
});

test.serial('a worker that hangs does not hold up the end for ever', async (t) => {
  const cwd = await folderWith(t, SITE);
  const { url, child, ended, printed } = await program(t, cwd, ['--workers', '2']);
  const asked = t.throwsAsync(fetch(`${url}/hang`));
  await printed(/hangs/);
  child.kill('SIGTERM');
  t.is(await ended, 0);
  await asked;
});

test.serial('a second signal ends busy workers, too', async (t) => {
  const cwd = await folderWith(t, SITE);
  const { url, child, ended, printed } = await program(t, cwd, ['--workers', '2']);
  const pids = await pidsOf(url, 2);
  const asked = t.throwsAsync(fetch(`${url}/hang`));
  await printed(/hangs/);
  child.kill('SIGTERM');
  // The other worker has ended, which shows that the first signal has arrived.
  while (pids.every(isThere)) await pause(5);
  child.kill('SIGTERM');
  t.is(await ended, 143);
  await asked;
  while (pids.some(isThere)) await pause(5);
});

test.serial('how many workers there are is a number or one a core', (t) => {
  t.is(workerCount(configFrom({}, '/').config), 1);
  t.is(workerCount(configFrom({ workers: 3, persistent_session: true }, '/').config), 3);
  t.true(workerCount(configFrom({ workers: 'auto', persistent_session: true }, '/').config) >= 1);
});

test.serial(
  'the more often a worker dies at once, the longer the wait, up to half a minute; a second when no worker serves',
  (t) => {
    const waits = (othersServe: boolean) =>
      [0, 1, 2, 3, 20].map((deaths) => waitBeforeRestart(deaths, othersServe));
    t.deepEqual(waits(true), [250, 500, 1000, 2000, 30_000]);
    t.deepEqual(waits(false), [250, 500, 1000, 1000, 1000]);
  },
);
