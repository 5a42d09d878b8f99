// karrigell check: findings as tsc writes them, exit code 1 on any error.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import { type Checked, report } from '../../engine/cli/check-report.ts';
import { folderWith } from '../folder.ts';
import { karrigell, program } from './karrigell.ts';

const GOOD = '<p><%= 1 + 1 %></p>';
const BROKEN = '<p>\n  <% const a = ; %>\n</p>';

test('a site without errors gives a summary and exit code 0', async (t) => {
  const cwd = await folderWith(t, { 'site/index.pih': GOOD, 'site/about/index.pih': GOOD });
  const { code, stdout, stderr } = await karrigell(['check'], { cwd });
  t.is(stderr, '');
  t.regex(stdout, /^2 pages checked in \d+\.\d s \(types by TypeScript [\d.]+\): 0 errors, 0 warnings\n$/);
  t.is(code, 0);
});

test('an error is one line, file(line,col): error code: text, and gives exit code 1', async (t) => {
  const cwd = await folderWith(t, { 'site/index.pih': GOOD, 'site/cart.pih': BROKEN });
  const { code, stdout } = await karrigell(['check'], { cwd });
  const [finding, summary] = stdout.split('\n');
  t.regex(finding ?? '', /^site\/cart\.pih\(2,\d+\): error [a-z-]+: .+/);
  t.regex(summary ?? '', /^2 pages checked .*: 1 error, 0 warnings$/);
  t.is(code, 1);
});

test('--json gives the findings as data', async (t) => {
  const cwd = await folderWith(t, { 'site/cart.pih': BROKEN });
  const { code, stdout } = await karrigell(['check', '--json'], { cwd });
  t.is(code, 1);
  const findings: unknown = JSON.parse(stdout);
  t.like(findings, [{ severity: 'error', file: 'site/cart.pih', line: 2 }]);
});

test('only the files that are named are checked', async (t) => {
  const cwd = await folderWith(t, { 'site/index.pih': GOOD, 'site/cart.pih': BROKEN });
  const { code, stdout } = await karrigell(['check', 'site/index.pih'], { cwd });
  t.is(code, 0);
  t.regex(stdout, /^1 page checked/);
});

test('a file that is not there is no-such-page', async (t) => {
  const cwd = await folderWith(t, { 'site/index.pih': GOOD });
  const { code, stderr } = await karrigell(['check', 'site/none.pih'], { cwd });
  t.is(code, 1);
  t.regex(stderr, /there is no file site\/none\.pih/);
});

test('a file outside the site is not-in-site', async (t) => {
  const cwd = await folderWith(t, { 'site/index.pih': GOOD, 'other.pih': GOOD });
  const { code, stderr } = await karrigell(['check', 'other.pih'], { cwd });
  t.is(code, 1);
  t.regex(stderr, /other\.pih is not in the site/);
});

const WRONG = '<% const s = Session<{ cart: string[] }>(); %>\n<p><%= s.cart[0]?.size %></p>\n';

test("a wrong type is told in tsc's format of the page's own line, a wrong module of its own", async (t) => {
  const cwd = await folderWith(t, {
    'site/cart.pih': WRONG,
    'site/_cart.ts': 'export const all: string[] = [];\nexport const first: number = all[0];\n',
  });
  const { code, stdout } = await karrigell(['check'], { cwd });
  t.regex(
    stdout,
    /^site\/cart\.pih\(2,19\): error TS2339: Property 'size' does not exist on type 'string'\.$/m,
  );
  t.regex(stdout, /^site\/_cart\.ts\(2,14\): error TS2322: /m);
  t.regex(stdout, /: 2 errors, 0 warnings$/m);
  t.is(code, 1);
});

test('--json has the types too, with what to do; what the compiler has told is told once', async (t) => {
  const cwd = await folderWith(t, {
    'site/cart.pih': WRONG,
    'site/none.pih': "<% import { a } from './_none.ts'; Include('_no.pih'); %><%= a %>",
  });
  const { stdout } = await karrigell(['check', '--json'], { cwd });
  const rows: unknown = JSON.parse(stdout);
  t.like(rows, [
    { code: 'include-missing', file: 'site/none.pih' },
    {
      severity: 'error',
      code: 'TS2339',
      file: 'site/cart.pih',
      line: 2,
      column: 19,
      remedy: 'Correct the name, or add it to the type.',
    },
  ]);
  t.is(Array.isArray(rows) && rows.length, 2);
});

test('what keeps types from being checked is told beside the other findings', async (t) => {
  const cwd = await folderWith(t, {
    'tsconfig.json': '{ "compilerOptions": { "strct": true } }',
    'site/cart.pih': BROKEN,
  });
  const { code, stdout } = await karrigell(['check'], { cwd });
  t.regex(stdout, /^site\/cart\.pih\(2,\d+\): error syntax: /m);
  t.regex(stdout, /^tsconfig\.json\(1,24\): error types-configuration: .*strct/m);
  t.regex(stdout, /\(syntax and escaping only\): 2 errors/);
  t.is(code, 1);
});

test('without TypeScript the summary says what was not checked, and how to get it', (t) => {
  const found: Checked = { rows: [], pages: 1, types: { kind: 'missing' }, milliseconds: 0 };
  t.is(
    report(found, (_, text) => text, false),
    '1 page checked in 0.0 s (syntax and escaping only; for types: npm install --save-dev typescript): 0 errors, 0 warnings\n',
  );
});

test('--watch checks again after a save, and leaves nothing behind when it is stopped', async (t) => {
  const cwd = await folderWith(t, { 'site/cart.pih': WRONG, 'tmp/keep': '' });
  const child = spawn(process.execPath, [program, 'check', '--watch', '--json'], {
    cwd,
    env: { ...process.env, TMPDIR: join(cwd, 'tmp') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  /** One save may be told of twice, so the same findings may come again. */
  const until = async (expected: readonly object[]): Promise<void> => {
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      const rows: { code: string; line: number }[] = JSON.parse(line.value);
      const found = rows.map((row) => ({ code: row.code, line: row.line }));
      if (isDeepStrictEqual(found, expected)) return;
    }
    throw new Error('it ended');
  };
  await until([{ code: 'TS2339', line: 2 }]);
  writeFileSync(join(cwd, 'site/cart.pih'), `\n${WRONG}`);
  await until([{ code: 'TS2339', line: 3 }]);
  writeFileSync(join(cwd, 'site/cart.pih'), '<p>');
  await until([]);
  child.kill('SIGINT');
  await once(child, 'exit');
  t.is(child.exitCode, 0);
  t.deepEqual(readdirSync(join(cwd, 'tmp')), ['keep']);
});
