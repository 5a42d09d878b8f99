// Every failure is one clear line on standard error: exit code 2 for wrong usage, 1 for the rest.

import { once } from 'node:events';
import { createServer } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { folderWith } from '../folder.ts';
import { karrigell } from './karrigell.ts';

async function fails(t: ExecutionContext, args: string[], code: number, says: RegExp, cwd?: string) {
  const ran = await karrigell(args, { cwd: cwd ?? (await folderWith(t, {})) });
  t.is(ran.code, code);
  t.is(ran.stdout, '');
  t.regex(ran.stderr, says);
  t.regex(ran.stderr, /^karrigell: [^\n]*\n$/, 'one line');
}

test('an unknown option is usage, with the nearest', (t) =>
  fails(t, ['--prot', '3000'], 2, /unknown option '--prot' \(Did you mean --port\?\)/));

test('an unknown option of a command is usage', (t) =>
  fails(t, ['check', '--jsno'], 2, /unknown option '--jsno'/));

test('an option without its value is usage', (t) => fails(t, ['--port'], 2, /--port <n>.* argument missing/));

test('a port that is no number is usage', (t) => fails(t, ['--port', 'http'], 2, /'http' is invalid/));

test('a port out of range is usage', (t) => fails(t, ['--port', '65536'], 2, /port is 65536/));

test('workers that are no number are usage', (t) => fails(t, ['--workers', 'many'], 2, /'many' is invalid/));

test('too many arguments are usage', (t) => fails(t, ['serve', 'a', 'b'], 2, /too many arguments/));

test('sessions without a command is usage', (t) => fails(t, ['sessions'], 2, /a command is missing/));

test('a wrong command with more behind it is unknown-command too', async (t) => {
  await fails(t, ['serv', 'site'], 2, /serv is neither a command nor a folder \(did you mean serve\?\)/);
  await fails(
    t,
    ['session', 'list'],
    2,
    /session is neither a command nor a folder \(did you mean sessions\?\)/,
  );
});

test('an unknown command is unknown-command, with the nearest', (t) =>
  fails(t, ['chekc'], 2, /chekc is neither a command nor a folder \(did you mean check\?\)/));

test('a missing folder is root-missing', (t) => fails(t, ['serve', 'none'], 1, /there is no folder .*none/));

test('a missing configuration file is named', (t) =>
  fails(t, ['--config', 'none.json'], 1, /none\.json: the configuration file is missing, expected one/));

test('a port in use is port-in-use', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.teardown(() => other.close());
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const cwd = await folderWith(t, { 'site/index.pih': 'here' });
  await fails(t, ['--port', String(port)], 1, new RegExp(`port ${port} of 127.0.0.1 is in use`), cwd);
});

test('an address of another machine is host-not-here', async (t) => {
  const cwd = await folderWith(t, { 'site/index.pih': 'here' });
  await fails(
    t,
    ['--host', '192.0.2.1', '--port', '0'],
    1,
    /192\.0\.2\.1 is not an address of this machine/,
    cwd,
  );
});

test('more than one worker with sessions in memory is refused with the reason', async (t) => {
  const cwd = await folderWith(t, { 'site/index.pih': 'here' });
  await fails(t, ['--workers', '2'], 1, /workers is 2.*visitors would lose theirs/, cwd);
});

test('an error in the configuration shows the line with a caret', async (t) => {
  const cwd = await folderWith(t, { 'karrigell.config.json': '{\n  "prot": 1\n}' });
  const { code, stderr } = await karrigell(['config'], { cwd });
  t.is(code, 1);
  t.is(
    stderr,
    [
      'karrigell: karrigell.config.json:2:3: unknown key "prot", expected "port". Did you mean "port"?',
      '  1 | {',
      '> 2 |   "prot": 1',
      '    |   ^',
      '  3 | }',
      '',
    ].join('\n'),
  );
});

test('colours come with FORCE_COLOR, and never with NO_COLOR', async (t) => {
  const cwd = await folderWith(t, {});
  const coloured = await karrigell(['none'], { cwd, env: { FORCE_COLOR: '1' } });
  t.true(coloured.stderr.startsWith('\x1b[31mkarrigell:\x1b[39m '));
  const plain = await karrigell(['none'], { cwd, env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
  t.true(plain.stderr.startsWith('karrigell: '));
});

test('--help lists commands and options, --version prints the version', async (t) => {
  const cwd = await folderWith(t, {});
  const help = await karrigell(['--help'], { cwd });
  t.is(help.code, 0);
  for (const word of [
    'serve',
    'check',
    'init',
    'sessions',
    'config',
    '--port',
    '--host',
    '--workers',
    '--no-debug',
    '--open',
  ]) {
    t.true(help.stdout.includes(word), word);
  }
  const version = await karrigell(['--version'], { cwd });
  t.is(version.code, 0);
  t.regex(version.stdout, /^\d+\.\d+\.\d+\n$/);
});
