// Reloading the configuration under load: no request is lost, workers apply it one after another, and all have the same.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import { Client } from '../crash/client.ts';
import { folderWith } from '../folder.ts';
import { type Program, program } from './program.ts';

const SITE = {
  'site/index.pih': '<%= process.pid %> <%= CONFIG.max_sessions %>',
  'site/count.pih': "<% const s = Session(); s.n = s.get('n', 0) + 1; %><%= s.n %>",
  'site/slow.pih': '<% await new Promise((later) => setTimeout(later, 20)); %>slow',
  'site/style.css': 'p { color: red }',
  'site/busy.pih': "<% console.log('busy'); for (const end = Date.now() + 1000; Date.now() < end; ); %>done",
};
const PATHS = Object.keys(SITE)
  .slice(0, 4)
  .map((name) => name.replace(/^site(\/index)?/, '').replace('.pih', '') || '/');
/** The number of requests; KARRIGELL_TEST_REQUESTS may increase it. */
const REQUESTS = Number(process.env.KARRIGELL_TEST_REQUESTS ?? 300);
const RELOADS = 4;
const PRODUCTION = { NODE_ENV: 'production' };

const settings = (max_sessions: number, watch: boolean) => ({
  log: false,
  persistent_session: true,
  watch,
  max_sessions,
});
const write = (cwd: string, content: object | string) =>
  writeFile(
    join(cwd, 'karrigell.config.json'),
    typeof content === 'string' ? content : JSON.stringify(content),
  );

/** Sends requests over kept and new connections until it is stopped, and counts the responses by status. */
async function load(url: string, stop: AbortSignal, counts: Map<number, number>): Promise<void> {
  const client = new Client(url);
  const lane = async (number: number) => {
    let cookie: string | undefined;
    for (let round = number; !stop.aborted; round++) {
      const answer = await client.ask(
        PATHS[round % PATHS.length] ?? '/',
        cookie,
        round % 3 === 0 ? 'new' : 'kept',
      );
      cookie = answer.cookie ?? cookie;
      counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, number) => lane(number)));
  client.close();
}

/** The value of max_sessions in each process; requests are sent until so many processes have answered. */
async function seen({ url }: Program, processes: number): Promise<Map<number, number>> {
  const client = new Client(url);
  const found = new Map<number, number>();
  while (found.size < processes) {
    const [pid, max] = (await client.ask('/', undefined, 'new')).body.split(' ').map(Number);
    found.set(pid ?? 0, max ?? 0);
  }
  return found;
}

function reloads({ output }: Program): number {
  return output().split('configuration reloaded').length - 1;
}

for (const workers of [1, 2]) {
  for (const way of ['SIGHUP', 'a saved configuration'] as const) {
    test.serial(
      `${way} loses no request of ${workers} busy ${workers === 1 ? 'process' : 'processes'}`,
      async (t) => {
        const watch = way !== 'SIGHUP';
        const cwd = await folderWith(t, { ...SITE, 'karrigell.config.json': settings(1, watch) });
        const server = await program(t, cwd, ['--workers', String(workers)], PRODUCTION);
        await server.printed(/sessions: /);
        const stop = new AbortController();
        const counts = new Map<number, number>();
        const loading = load(server.url, stop.signal, counts);
        let times = 0;
        while (times < RELOADS || (counts.get(200) ?? 0) < REQUESTS) {
          await write(cwd, settings(1 + ++times, watch));
          if (!watch) server.child.kill('SIGHUP');
          while (reloads(server) < times) await pause(5);
        }
        stop.abort();
        await loading;
        t.deepEqual([...counts.keys()], [200]);
        t.log(`${counts.get(200)} requests, ${times} reloads`);
        t.deepEqual([...(await seen(server, workers)).values()], Array(workers).fill(1 + times));
      },
    );
  }
}

test.serial(
  'a broken configuration changes nothing in all workers, and in workers that start later',
  async (t) => {
    const cwd = await folderWith(t, { ...SITE, 'karrigell.config.json': settings(1, false) });
    const server = await program(t, cwd, ['--workers', '2'], PRODUCTION);
    await write(cwd, settings(2, false));
    server.child.kill('SIGHUP');
    await server.printed(/configuration reloaded/);
    await write(cwd, '{ "max_sessions": ');
    server.child.kill('SIGHUP');
    await server.printed(/error: the configuration was not reloaded, the old settings stay/);
    const before = await seen(server, 2);
    t.deepEqual([...before.values()], [2, 2]);
    for (const pid of before.keys()) {
      process.kill(pid, 'SIGKILL');
      await server.printed(new RegExp(`worker ${pid} ended`));
      const now = await seen(server, 2);
      t.deepEqual([...now.values()], [2, 2]);
    }
  },
);

test.serial(
  'a configuration that the first worker cannot apply is refused by all, and said once',
  async (t) => {
    const cwd = await folderWith(t, { ...SITE, 'karrigell.config.json': settings(1, false) });
    const server = await program(t, cwd, ['--workers', '2'], PRODUCTION);
    await write(cwd, { ...settings(2, false), root_dir: 'nowhere' });
    server.child.kill('SIGHUP');
    await server.printed(/not reloaded, the old settings stay\n.*nowhere/);
    t.deepEqual([...(await seen(server, 2)).values()], [1, 1]);
    await write(cwd, settings(3, false));
    server.child.kill('SIGHUP');
    await server.printed(/configuration reloaded/);
    t.deepEqual([...(await seen(server, 2)).values()], [3, 3]);
    t.is(server.output().match(/old settings stay/g)?.length, 1);
  },
);

test.serial('the next worker is reloaded when the one before has done', async (t) => {
  const cwd = await folderWith(t, { ...SITE, 'karrigell.config.json': settings(1, false) });
  const server = await program(t, cwd, ['--workers', '2'], PRODUCTION);
  const [first = 0, second = 0] = [...(await seen(server, 2)).keys()].sort((a, b) => a - b);
  const [busy, other] = await Promise.all([connected(server.url, first), connected(server.url, second)]);
  await write(cwd, settings(2, false));
  let answered = false;
  const answer = busy.ask('/busy').finally(() => {
    answered = true;
  });
  await server.printed(/busy/);
  server.child.kill('SIGHUP');
  const meanwhile: string[] = [];
  while (!answered) meanwhile.push((await other.ask('/')).body);
  // The last one may have arrived after the end of the page.
  t.deepEqual(new Set(meanwhile.slice(0, -1)), new Set([`${second} 1`]));
  t.is((await answer).status, 200);
  await server.printed(/configuration reloaded/);
  t.is((await other.ask('/')).body, `${second} 2`);
  t.is((await busy.ask('/')).body, `${first} 2`);
  for (const client of [busy, other]) client.close();
});

/** A client whose kept connection leads to this process. */
async function connected(url: string, pid: number): Promise<Client> {
  for (;;) {
    const client = new Client(url);
    if ((await client.ask('/')).body.startsWith(`${pid} `)) return client;
    client.close();
  }
}
