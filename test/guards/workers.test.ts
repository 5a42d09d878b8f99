// Guards with several processes: each worker refuses, and a session that one of them began opens the folder in the other.

import { join } from 'node:path';
import test from 'ava';
import { folderWith } from '../folder.ts';
import { startServer } from '../server.ts';
import { Visitor } from '../visitor.ts';

test('with two workers a folder is guarded in both, and a login opens it in both', async (t) => {
  const folder = await folderWith(t, {
    'site/login.pih': '<% const s = Session(); s.regenerate(); s.user = "Ann"; %>ok',
    'site/in/_before.pih':
      '<% if (!Session().get("user", "")) throw new HttpError(403); RESPONSE.headers.set("X-Process", String(process.pid)); %>',
    'site/in/page.pih': '<% const s = Session(); s.seen = s.get("seen", 0) + 1; %><%= s.seen %>',
    'site/in/file.txt': 'secret',
  });
  const server = await startServer({
    site: join(folder, 'site'),
    args: ['--workers', '2', '--no-debug'],
    env: { KARRIGELL_PERSISTENT_SESSION: JSON.stringify({ store: 'json', dir: join(folder, 'sessions') }) },
  });
  t.teardown(() => server.stop());
  const urls = ['/in/page', '/in/file.txt', '/in/none', '/in'];
  const stranger = new Visitor(server.url);
  for (const url of Array.from({ length: 5 }, () => urls).flat()) {
    const refused = await stranger.get(url, { headers: { connection: 'close' } });
    t.is(refused.status, 403, url);
    t.false((await refused.text()).includes('secret'));
  }
  const member = new Visitor(server.url);
  await member.text('/login');
  const processes = new Set<string | null>();
  const counts = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const page = await member.get('/in/page', { headers: { connection: 'close' } });
      processes.add(page.headers.get('x-process'));
      return Number(await page.text());
    }),
  );
  t.is(processes.size, 2);
  t.deepEqual(
    counts.sort((a, b) => a - b),
    Array.from({ length: 40 }, (_, index) => index + 1),
  );
  t.is(await member.text('/in/file.txt'), 'secret');
});
