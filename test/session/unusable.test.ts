// A store whose place cannot be written to (a full or read-only disk, a folder that an operator took away): the log says once
// what is wrong and what to do, each request has its line alone, and the developer sees the error as any other. test/crash/ has
// the faults of real disks.

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { serveSite } from '../site-fixture.ts';
import { Visitor } from '../visitor.ts';

const PAGES = {
  'count.pih': "<% const s = Session(); s.count = s.get('count', 0) + 1 %><p><%= s.count %></p>",
};

async function served(t: ExecutionContext, debug: boolean) {
  const site = await serveSite(t, PAGES, { debug, persistent_session: { store: 'json', dir: 'sessions' } });
  const folder = join(site.folder, '..', 'sessions');
  const inTheWay = async () => {
    await rm(folder, { recursive: true });
    await writeFile(folder, 'a file in the place of the folder');
  };
  return { ...site, inTheWay, mend: () => rm(folder) };
}

test('session-store-failed: the log says once that sessions cannot be stored, and once that they can be again', async (t) => {
  const site = await served(t, false);
  const visitor = new Visitor(site.url);
  t.regex(await visitor.text('/count'), /<p>1</);
  await site.inTheWay();
  for (let page = 0; page < 3; page++) {
    const response = await visitor.get('/count');
    t.is(response.status, 500);
    t.notRegex(await response.text(), /Error id|ENOTDIR|EEXIST/);
  }
  t.is(site.requests.filter((line) => line.includes('[500] GET /count')).length, 3);
  await site.mend();
  while (site.logged.length < 2) {
    t.is((await visitor.get('/count')).status, 200);
    await new Promise((again) => setTimeout(again, 50));
  }
  const [failed, back] = site.logged;
  t.like(failed, { level: 'error', cause: undefined });
  t.regex(
    failed?.message ?? '',
    /^the session store failed: E(NOTDIR|EXIST): .*sessions.*; pages that use sessions get 500/,
  );
  t.regex(failed?.message ?? '', /json \(sessions\)\. Check whether the disk is full \(ENOSPC\)/);
  t.is(back?.message, 'the session store is back: json (sessions)');
  t.is(site.logged.length, 2);
});

test('with debug the error page has the details, as for any other error', async (t) => {
  const site = await served(t, true);
  await site.inTheWay();
  const response = await site.get('/count', { headers: { accept: 'text/html' } });
  t.is(response.status, 500);
  t.regex(await response.text(), /the session store failed[\s\S]*Check whether the disk is full/);
  t.is(site.logged.length, 1);
});
