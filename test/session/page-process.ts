// A process of its own over a store that it shares with a test. It visits counting pages of one session, for a number of
// times or until it is killed, and writes a '+' for each answer. If its task says so, it then holds the lock until a signal.

import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { Problem } from '../../engine/diagnostics/problem.ts';
import type { SessionsConfig } from '../../engine/session/index.ts';
import { type TestPage, TestSite, Visitor } from './site.ts';

/** The task of a process, which it gets as JSON. */
export interface PageJob {
  /** Where the sessions are: see StorePlace. */
  readonly dir: string;
  readonly config: SessionsConfig['persistent_session'];
  readonly cookie: string | undefined;
  /** How many pages it visits; 'on': until it is killed. */
  readonly pages: number | 'on';
  /** One more page prints 'held' in the middle, ends at the next input, and prints its outcome. */
  readonly holds?: boolean;
}

const job: PageJob = JSON.parse(process.argv[2] ?? '');
const { dir, config } = job;
const site = new TestSite(dir, { dir, config, remove: async () => undefined }, Date.now);
await site.open({ lock_timeout: 60 });
const visitor = new Visitor();
visitor.header = job.cookie;

async function count(s: TestPage): Promise<void> {
  const before = Number(s.get('count', 0));
  await new Promise(setImmediate);
  s.count = before + 1;
}

async function hold(s: TestPage): Promise<void> {
  await count(s);
  process.send?.('held');
  await once(process, 'message');
}

for (let page = 0; job.pages === 'on' || page < job.pages; page++) {
  await site.visit(visitor.twin(), count);
  writeSync(1, '+');
}
if (job.holds) {
  const outcome = await site.visit(visitor.twin(), hold, undefined, { page: 'held.pih' }).then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? `${error.status} ${error.code}` : String(error)),
  );
  process.send?.(outcome);
}
await site.sessions.close();
if (process.connected) process.disconnect();
