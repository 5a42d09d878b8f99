// Several processes behind one port.

import { writeFile } from 'node:fs/promises';
import test from 'ava';
import { configFrom } from '../../config/load.ts';
import { workerCount } from '../../engine/process/run.ts';
import { waitBeforeRestart } from '../../engine/process/workers.ts';
import { folderWith } from '../folder.ts';
import { Visitor } from '../visitor.ts';
import { program } from './program.ts';

const SITE = {
  'karrigell.config.json': { persistent_session: true, watch: false },
  'site/index.pih': "<% const s = Session(); s.n = s.get('n', 0) + 1; %><%= s.n %>",
  'site/pid.pih': '<%= process.pid %>',
  'site/settings.pih': '<%= CONFIG.max_sessions %>',
};

test('two workers count one visitor together, and start-up is printed once', async (t) => {
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

test('a worker that is killed is started again, and nobody else notices', async (t) => {
  const cwd = await folderWith(t, SITE);
  const { url, printed } = await program(t, cwd, ['--workers', '2']);
  const victim = Number(await (await fetch(`${url}/pid`)).text());
  process.kill(victim, 'SIGKILL');
  await printed(new RegExp(`worker ${victim} ended with SIGKILL; another one starts in \\d+ ms`));
  t.not(Number(await (await fetch(`${url}/pid`, { headers: { connection: 'close' } })).text()), victim);
});

test('SIGHUP reaches every worker', async (t) => {
  const cwd = await folderWith(t, SITE);
  const { url, child, printed } = await program(t, cwd, ['--workers', '2'], {});
  await writeFile(
    `${cwd}/karrigell.config.json`,
    '{"persistent_session": true, "watch": false, "max_sessions": 9}',
  );
  child.kill('SIGHUP');
  await printed(/configuration reloaded/);
  const close = { headers: { connection: 'close' } };
  for (;;) {
    const seen = await Promise.all(
      Array.from({ length: 8 }, async () => (await fetch(`${url}/settings`, close)).text()),
    );
    if (seen.every((text) => text === '9')) break;
  }
  t.pass();
});

test('how many workers there are is a number or one a core', (t) => {
  t.is(workerCount(configFrom({}, '/').config), 1);
  t.is(workerCount(configFrom({ workers: 3, persistent_session: true }, '/').config), 3);
  t.true(workerCount(configFrom({ workers: 'auto', persistent_session: true }, '/').config) >= 1);
});

test('the more often a worker dies at once, the longer the wait, up to half a minute', (t) => {
  t.deepEqual([0, 1, 2, 3, 20].map(waitBeforeRestart), [250, 500, 1000, 2000, 30_000]);
});
