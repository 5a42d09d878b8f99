// karrigell check: findings as tsc writes them, exit code 1 on any error.

import test from 'ava';
import { folderWith } from '../folder.ts';
import { karrigell } from './karrigell.ts';

const GOOD = '<p><%= 1 + 1 %></p>';
const BROKEN = '<p>\n  <% const a = ; %>\n</p>';

test('a site without errors gives a summary and exit code 0', async (t) => {
  const cwd = await folderWith(t, { 'site/index.pih': GOOD, 'site/about/index.pih': GOOD });
  const { code, stdout, stderr } = await karrigell(['check'], { cwd });
  t.is(stderr, '');
  t.regex(
    stdout,
    /^2 pages checked \(with types, by TypeScript [\d.]+\) in \d+\.\d s: 0 errors, 0 warnings\n$/,
  );
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
