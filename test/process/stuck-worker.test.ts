// A worker that is stuck in a loop is replaced, and the log contains the line of the page.

import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import { Client } from '../crash/client.ts';
import { folderWith } from '../folder.ts';
import { program } from './program.ts';

const SITE = {
  'karrigell.config.json': { persistent_session: true, watch: false, limits: { page_timeout: 2 } },
  'site/pid.pih': '<%= process.pid %>',
  'site/loop.pih': '<p>\n<% for (;;) Math.random(); %>',
  'site/module.pih': "<% import { loop } from './_loop.ts'; %>\n<% loop(); %>",
  'site/_loop.ts': 'export function loop() {\n  for (;;) Math.random();\n}\n',
  'site/system.pih': "<% import { execSync } from 'node:child_process'; execSync('sleep 30'); %>",
};

test.serial(
  'workers that are stuck in loops are replaced, and the log names the pages and their lines',
  async (t) => {
    const cwd = await folderWith(t, SITE);
    const { url, child, ended, printed } = await program(t, cwd, ['--workers', '2']);
    const asked = ['/loop', '/module'].map((path) => t.throwsAsync(fetch(url + path)));
    await printed(/loop\.pih:2:\d+: worker-stuck: .* 2 s, because it does not come back from loop\.pih\n/);
    await printed(/> 2 \| <% for \(;;\)/);
    await printed(/_loop\.ts:2:\d+: worker-stuck: .* does not come back from module\.pih\n/);
    await Promise.all(asked);
    const client = new Client(url);
    t.teardown(() => client.close());
    let answer = await client.ask('/pid').catch(() => undefined);
    for (; answer === undefined; answer = await client.ask('/pid').catch(() => undefined)) await pause(20);
    t.regex(answer.body, /^\d+$/);
    child.kill('SIGTERM');
    t.is(await ended, 0);
  },
);

test.serial('so is one that a call of the system holds up', async (t) => {
  const cwd = await folderWith(t, SITE);
  const { url, printed } = await program(t, cwd, ['--workers', '2']);
  const asked = t.throwsAsync(fetch(`${url}/system`));
  await printed(/does not come back from a call of the system/);
  await printed(/ended with SIGKILL/);
  await asked;
});

test.serial('a machine that sleeps for longer than the limit wakes up with all its workers', async (t) => {
  const cwd = await folderWith(t, SITE);
  const { url, output } = await program(t, cwd, ['--workers', '2']);
  const pids = new Set<number>();
  while (pids.size < 2)
    pids.add(Number(await (await fetch(`${url}/pid`, { headers: { connection: 'close' } })).text()));
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  await pause(3000);
  for (const pid of pids) process.kill(pid, 'SIGCONT');
  await pause(1500);
  t.true(pids.has(Number(await (await fetch(`${url}/pid`)).text())));
  t.notRegex(output(), /worker-stuck/);
});
