// karrigell config: the effective configuration and where each value came from.

import { join } from 'node:path';
import test from 'ava';
import { folderWith } from '../folder.ts';
import { karrigell } from './karrigell.ts';

test('every value is printed with its origin', async (t) => {
  const cwd = await folderWith(t, {
    'karrigell.config.json': { host: 'localhost', secret_fields: ['taxId'] },
  });
  const env = { KARRIGELL_SESSION_COOKIE_NAME: 'sid' };
  const { code, stdout } = await karrigell(['config', '--port', '3000'], { cwd, env });
  t.is(code, 0);
  const lines = stdout.split('\n').map((line) => line.replace(/ +/g, ' '));
  t.true(lines[0]?.endsWith('/karrigell.config.json'));
  t.true(lines.includes('host "localhost" (file)'));
  t.true(lines.includes('port 3000 (option)'));
  t.true(lines.includes('secret_fields ["taxId"] (file)'));
  t.true(lines.includes('session.cookie.name "sid" (env KARRIGELL_SESSION_COOKIE_NAME)'));
  t.true(lines.includes('limits.body 1048576 (default)'));
});

test('a configuration above the current folder holds', async (t) => {
  const folder = await folderWith(t, {
    'karrigell.config.json': { root_dir: 'pages' },
    'pages/shop/a.pih': '',
  });
  const { code, stdout } = await karrigell(['config'], { cwd: join(folder, 'pages/shop') });
  t.is(code, 0);
  t.is(stdout.split('\n')[0], join(folder, 'karrigell.config.json'));
  t.true(stdout.includes(JSON.stringify(join(folder, 'pages'))));
});

test('secrets are masked', async (t) => {
  const cwd = await folderWith(t, {
    'karrigell.config.json': {
      persistent_session: { store: './s.ts', url: 'x://u:hunter2@h', secrets: ['hunter3'] },
    },
  });
  const { stdout } = await karrigell(['config'], { cwd });
  t.regex(stdout, /persistent_session\s+\{"store":"\.\/s\.ts","url":"x:\/\/u:\*\*\*@h","secrets":"\*\*\*"\}/);
  t.notRegex(stdout, /hunter/);
});
