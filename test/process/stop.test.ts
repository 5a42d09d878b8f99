// A stop: all temporary files are removed, and all clients that are connected get a response.

import { readdir } from 'node:fs/promises';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { folderWith } from '../folder.ts';
import { program } from './program.ts';

const SITE = {
  'karrigell.config.json': { persistent_session: true, watch: false },
  'site/index.pih': 'hello',
  'site/hangs.pih': "<% const s = Session(); s.n = 1; console.log('hangs'); await new Promise(() => {}); %>",
};

/** Sends the beginning of an upload that does not end. */
function upload(t: ExecutionContext, url: string): void {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  t.teardown(() => socket.destroy());
  socket.on('error', () => undefined);
  const part = '--B\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n';
  const head = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: 9000000`;
  socket.write(`${head}\r\n\r\n${part}`);
  socket.write(Buffer.alloc(2_000_000));
}

/** The temporary folders of uploads in a folder; resolves when there are so many. */
async function uploadFolders(folder: string, count: number): Promise<string[]> {
  for (;;) {
    const found = (await readdir(folder)).filter((name) => name.startsWith('karrigell-upload'));
    if (found.length === count) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

for (const workers of [1, 2]) {
  for (const signals of [1, 2]) {
    const end = signals === 1 ? 'a stop' : 'two signals';
    test(`uploads that are under way leave nothing behind after ${end} of ${workers} process(es)`, async (t) => {
      const cwd = await folderWith(t, { ...SITE, 'tmp/_': '' });
      const { url, child, ended } = await program(t, cwd, [`--workers=${workers}`], { TMPDIR: `${cwd}/tmp` });
      upload(t, url);
      upload(t, url);
      await uploadFolders(`${cwd}/tmp`, 2);
      child.kill('SIGTERM');
      if (signals === 2) {
        await t.throwsAsync(async () => {
          for (;;) await fetch(url);
        });
        child.kill('SIGTERM');
      }
      t.is(await ended, signals === 1 ? 0 : 143);
      t.deepEqual(await readdir(`${cwd}/tmp`), ['_']);
    });
  }
}

test('the uploads of a worker that was killed are removed by its parent', async (t) => {
  const cwd = await folderWith(t, { ...SITE, 'tmp/_': '', 'site/pid.pih': '<%= process.pid %>' });
  const { url, child, ended, printed } = await program(t, cwd, ['--workers=2'], { TMPDIR: `${cwd}/tmp` });
  const pids = new Set<number>();
  while (pids.size < 2)
    pids.add(Number(await (await fetch(`${url}/pid`, { headers: { connection: 'close' } })).text()));
  upload(t, url);
  await uploadFolders(`${cwd}/tmp`, 1);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  for (const pid of pids) await printed(new RegExp(`worker ${pid} ended with SIGKILL`));
  t.deepEqual(await readdir(`${cwd}/tmp`), ['_']);
  child.kill('SIGTERM');
  t.is(await ended, 0);
});

test('a page that does not end is answered with 503 before its connection is cut', async (t) => {
  const cwd = await folderWith(t, SITE);
  const { url, child, ended, printed } = await program(t, cwd);
  const asked = fetch(`${url}/hangs`);
  await printed(/hangs/);
  child.kill('SIGTERM');
  t.is((await asked).status, 503);
  await printed(/page-interrupted: page 'hangs\.pih'/);
  t.is(await ended, 0);
});

/**
 * Sends a request on a new connection. Resolves when the system has connected it, and its `answer` when the connection ends.
 */
function request(t: ExecutionContext, url: string): Promise<{ readonly answer: Promise<string> }> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('utf8');
    t.teardown(() => socket.destroy());
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      let text = '';
      const answer = new Promise<string>((ended) => {
        socket.on('data', (chunk: string) => {
          text += chunk;
        });
        socket.once('end', () => ended(text)).once('error', ({ message }) => ended(message));
      });
      resolve({ answer });
    });
  });
}

/** The process ids of the workers that answer. */
async function workersOf(url: string, count: number): Promise<number[]> {
  const pids = new Set<number>();
  while (pids.size < count)
    pids.add(Number(await (await fetch(`${url}/pid`, { headers: { connection: 'close' } })).text()));
  return [...pids];
}

const BACKLOG = 60;

/** Opens connections that wait, stops the program, and counts the responses. */
async function answeredOf(t: ExecutionContext, url: string, stop: () => Promise<void>): Promise<number> {
  const requests = await Promise.all(Array.from({ length: BACKLOG }, () => request(t, url)));
  await stop();
  const answers = await Promise.all(requests.map(({ answer }) => answer));
  return answers.filter((text) => text.startsWith('HTTP/1.1 200') && text.endsWith('hello')).length;
}

for (const workers of [1, 2]) {
  test(`connections that ${workers} process(es) had not accepted before a stop are answered`, async (t) => {
    const cwd = await folderWith(t, SITE);
    const { url, child, ended } = await program(t, cwd, [`--workers=${workers}`]);
    child.kill('SIGSTOP');
    const answered = await answeredOf(t, url, async () => {
      child.kill('SIGTERM');
      child.kill('SIGCONT');
    });
    t.is(answered, BACKLOG);
    t.is(await ended, 0);
  });
}

test('connections that wait for busy workers are answered when a stop begins meanwhile', async (t) => {
  const cwd = await folderWith(t, { ...SITE, 'site/pid.pih': '<%= process.pid %>' });
  const { url, child, ended } = await program(t, cwd, ['--workers=2']);
  const pids = await workersOf(url, 2);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  const answered = await answeredOf(t, url, async () => {
    child.kill('SIGTERM');
    await pause(1000);
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  });
  t.is(answered, BACKLOG);
  t.is(await ended, 0);
});

test('connections that the parent had not accepted are answered when a signal stops workers and parent alike', async (t) => {
  const cwd = await folderWith(t, { ...SITE, 'site/pid.pih': '<%= process.pid %>' });
  const { url, child, ended } = await program(t, cwd, ['--workers=2']);
  const pids = await workersOf(url, 2);
  child.kill('SIGSTOP');
  const answered = await answeredOf(t, url, async () => {
    for (const pid of pids) process.kill(pid, 'SIGTERM');
    child.kill('SIGTERM');
    // The workers get the signal long before their parent does.
    await pause(500);
    child.kill('SIGCONT');
  });
  t.is(answered, BACKLOG);
  t.is(await ended, 0);
});

/**
 * Sends requests, with new connections or with a kept one, until the port is closed. Returns the error codes of broken
 * requests.
 */
async function brokenUntilClosed(url: string, agent: Agent | false): Promise<string[]> {
  const broken: string[] = [];
  for (;;) {
    const code = await new Promise<string>((resolve) => {
      const asked = get(url, { agent }, (answer) =>
        answer
          .resume()
          .on('end', () => resolve(''))
          .on('error', () => resolve('cut')),
      );
      asked.on('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    });
    if (code === 'ECONNREFUSED') return broken;
    if (code !== '') broken.push(code);
  }
}

for (const workers of [1, 2]) {
  for (const kind of ['kept', 'new'] as const) {
    test.serial(
      `a stop of ${workers} process(es) under load resets hardly any ${kind} connection`,
      async (t) => {
        const cwd = await folderWith(t, SITE);
        const clients = 12;
        let broken = 0;
        for (let round = 0; round < 3; round++) {
          const { url, child, ended } = await program(t, cwd, [`--workers=${workers}`]);
          const asking = Array.from({ length: clients }, () =>
            brokenUntilClosed(url, kind === 'kept' && new Agent({ keepAlive: true, maxSockets: 1 })),
          );
          await new Promise((resolve) => setTimeout(resolve, 300));
          child.kill('SIGTERM');
          broken += (await Promise.all(asking)).flat().length;
          t.is(await ended, 0);
        }
        // If the port or waiting connections were closed at once, nearly one request of each client and round would break. A
        // connection that arrives between the last look at the queue and the closing of the port is still reset.
        t.true(broken < clients, `${broken}`);
      },
    );
  }

  test(`a request that runs at a stop of ${workers} process(es) is answered as the last on its connection`, async (t) => {
    const cwd = await folderWith(t, {
      ...SITE,
      'site/slow.pih': "<% console.log('runs'); await new Promise((r) => setTimeout(r, 400)); %>done",
    });
    const { url, child, ended, printed } = await program(t, cwd, [`--workers=${workers}`]);
    const agent = new Agent({ keepAlive: true });
    const [answer] = await Promise.all([
      new Promise<IncomingMessage>((resolve, reject) => {
        get(`${url}/slow`, { agent }, resolve).on('error', reject);
      }),
      printed(/runs/).then(() => child.kill('SIGTERM')),
    ]);
    t.is(answer.statusCode, 200);
    t.is(answer.headers.connection, 'close');
    answer.resume();
    t.is(await ended, 0);
  });
}
