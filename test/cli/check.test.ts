// karrigell check: findings as tsc writes them, exit code 1 on any error.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import { folderWith } from '../folder.ts';
import { PROGRAM } from '../program.ts';
import { karrigell } from './karrigell.ts';

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

test('pages and modules that are nested too deeply end no process: the others are checked', async (t) => {
  const ifs = (n: number) => `${'if (a) {'.repeat(n)}${'}'.repeat(n)}`;
  const cwd = await folderWith(t, {
    'site/pages.pih': `<% let a = 1; %>${'<% if (a) { %>'.repeat(1500)}${'<% } %>'.repeat(1500)}`,
    'site/chain.pih': `<% let a = 1; ${'if (a) {} else '.repeat(3000)}{} %>`,
    'site/module.pih': "<% import './deep.ts' %>",
    'site/deep.ts': `let a = 1; ${ifs(1500)}`,
    'site/fine.pih': `<% let a = 1; ${ifs(400)} %>`,
    'site/wrong.pih': '<% let %>',
  });
  const { code, stdout } = await karrigell(['check'], { cwd });
  t.is(code, 1);
  for (const file of ['chain.pih', 'deep.ts', 'pages.pih'])
    t.regex(stdout, new RegExp(`site/${file.replace('.', '\\.')}\\(1,\\d+\\): error too-deep`));
  t.regex(stdout, /site\/wrong\.pih\(1,/);
  t.notRegex(stdout, /fine\.pih/);
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

test('the configuration is looked for from the first file upwards, else from the current folder', async (t) => {
  const folder = await folderWith(t, {
    'elsewhere/a.txt': '',
    'shop/karrigell.config.json': { root_dir: 'pages' },
    'shop/pages/cart/index.pih': BROKEN,
    'shop/pages/index.pih': GOOD,
  });
  const named = await karrigell(['check', '../shop/pages/cart/index.pih'], {
    cwd: join(folder, 'elsewhere'),
  });
  t.regex(named.stdout, /index\.pih\(2,\d+\): error/);
  const below = await karrigell(['check'], { cwd: join(folder, 'shop/pages/cart') });
  t.regex(below.stdout, /^index\.pih\(2,\d+\): error .*\n2 pages checked/);
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
  t.regex(stderr, /other\.pih is not a page of the site/);
});

const WRONG = '<% const s = Session<{ cart: string[] }>(); s.cart = []; %>\n<p><%= s.cart[0]?.size %></p>\n';

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

test('--json has the type errors too, with their remedies; an error of the compiler is reported once', async (t) => {
  const cwd = await folderWith(t, {
    'site/cart.pih': WRONG,
    'site/none.pih': "<% import { a } from './_none.ts'; Include('_no.pih'); %><%= a %>",
  });
  const { stdout } = await karrigell(['check', '--json'], { cwd });
  const rows: unknown = JSON.parse(stdout);
  t.like(rows, [
    {
      severity: 'error',
      code: 'TS2339',
      file: 'site/cart.pih',
      line: 2,
      column: 19,
      remedy: 'Correct the name, or add it to the type.',
    },
    { code: 'module-missing', file: 'site/none.pih', line: 1, column: 22 },
    { code: 'include-missing', file: 'site/none.pih', line: 1, column: 36 },
  ]);
  t.is(Array.isArray(rows) && rows.length, 3);
});

test('a broken tsconfig.json is told beside the other findings, and types are checked without it', async (t) => {
  const cwd = await folderWith(t, {
    'tsconfig.json': '{ "compilerOptions": { "strct": true } }',
    'site/cart.pih': BROKEN,
    'site/price.pih': WRONG,
  });
  const { code, stdout } = await karrigell(['check'], { cwd });
  t.regex(stdout, /^site\/cart\.pih\(2,\d+\): error syntax: /m);
  t.regex(stdout, /^site\/price\.pih\(2,19\): error TS2339: /m);
  t.regex(stdout, /^tsconfig\.json\(1,24\): error types-configuration: .*strct/m);
  t.regex(stdout, /\(types by TypeScript [\d.]+\): 3 errors/);
  t.is(code, 1);
});

(process.versions.node.startsWith('20.') ? test : test.skip)(
  'a module that is too new for this Node is reported at its own position, and not in the page that imports it',
  async (t) => {
    const cwd = await folderWith(t, {
      'site/index.pih': '<% import { r } from "./_new.ts" %><%= r.source %>',
      'site/_new.ts': 'export const r: RegExp =\n  /(?<y>a)|(?<y>b)/;\n',
    });
    const { code, stdout } = await karrigell(['check'], { cwd });
    t.regex(stdout, /^site\/_new\.ts\(2,3\): error not-in-this-node: /m);
    t.is(code, 1);
  },
);

/** A site with at least one finding in each file. */
const EVERYTHING = {
  'karrigell.config.json': '{ "error_pages": { "404": "none.pih",\n "500": "types.pih" } }',
  'site/syntax.pih': BROKEN,
  'site/syntax-too.pih': '<% } %>',
  'site/escaping.pih': '<<%= 1 %>>\n<% const n: number = "no flow analysis, and yet types"; %><%= n %>',
  'site/future.pih': '<p>\n  <% const r = /(?<y>a)|(?<y>b)/; %><%= r.source %>',
  'site/parts.pih': '<% Include("_none.pih"); %>\n<% Include("_nor.pih"); Layout("_l.pih"); %>',
  'site/import.pih':
    '<% import { a, b } from "./_broken.ts";\nimport { c, d } from "./_ok.ts"; import rates from "./rates.json"; %>\n' +
    '<% const n: string = rates.euro; %><%= a + b + c + d + n %>',
  'site/_broken.ts': 'export const a = ;\nexport const b = ;',
  'site/_ok.ts':
    'import { a } from "./_broken.ts";\nexport const c: number = "c";\nexport type A = typeof a;',
  'site/_unused.ts': 'const text: string = 1;\n',
  'site/_unused-broken.ts': 'const text = ( ;\n',
  'site/rates.json': '{ "euro": 1 }',
  'site/types.pih': WRONG,
};

test('all findings are reported, in order and each once, however much is broken', async (t) => {
  const cwd = await folderWith(t, EVERYTHING);
  const { code, stdout, stderr } = await karrigell(['check'], { cwd });
  const found = stdout.split('\n').map((line) => /^(.*: (?:error|warning) [\w-]+):/.exec(line)?.[1] ?? '');
  const future = process.versions.node.startsWith('20.')
    ? ['site/future.pih(2,16): error not-in-this-node']
    : [];
  t.deepEqual(found.filter(Boolean), [
    'karrigell.config.json(1,27): error error-page-missing',
    'site/_broken.ts(1,18): error syntax',
    'site/_ok.ts(2,14): error TS2322',
    'site/_unused-broken.ts(1,16): error TS1109',
    'site/_unused.ts(1,7): error TS2322',
    'site/escaping.pih(1,2): error output-starts-tag',
    'site/escaping.pih(2,10): error TS2322',
    ...future,
    'site/import.pih(2,13): error TS2305',
    'site/import.pih(2,52): warning module-served',
    'site/import.pih(3,10): error TS2322',
    'site/parts.pih(1,4): error include-missing',
    'site/parts.pih(2,4): error include-missing',
    'site/parts.pih(2,25): error layout-missing',
    'site/syntax-too.pih(1,4): error unexpected-close',
    'site/syntax.pih(2,16): error syntax',
    'site/types.pih(2,19): error TS2339',
  ]);
  t.is(stderr, '');
  t.is(code, 1);
});

test('--strict fails on a warning too', async (t) => {
  const cwd = await folderWith(t, {
    'site/index.pih': '<% import rates from "./rates.json"; %><%= rates.euro %>',
    'site/rates.json': '{ "euro": 1 }',
  });
  const [lax, strict] = await Promise.all([
    karrigell(['check'], { cwd }),
    karrigell(['check', '--strict'], { cwd }),
  ]);
  t.regex(lax.stdout, /: 0 errors, 1 warning\n$/);
  t.is(lax.code, 0);
  t.regex(strict.stdout, /: 0 errors, 1 warning\n$/);
  t.is(strict.code, 1);
});

/** The program in a folder that has only its dependencies. */
async function installedAlone(folder: string): Promise<string> {
  const from = fileURLToPath(new URL('../../../', import.meta.url));
  const manifest: { readonly dependencies: object } = JSON.parse(
    readFileSync(join(from, 'package.json'), 'utf8'),
  );
  for (const name of ['dist/engine', 'dist/config', 'package.json'])
    cpSync(join(from, name), join(folder, name), { recursive: true });
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(from, 'node_modules', name), link);
  }
  return join(folder, 'dist/engine/cli/main.js');
}

test('without TypeScript the summary names the checks that were left out, and the command that installs all packages', async (t) => {
  const cwd = await folderWith(t, { 'site/index.pih': WRONG });
  const main = await installedAlone(cwd);
  const summary = () => execFileSync(process.execPath, [main, 'check'], { cwd, encoding: 'utf8' });
  const limits = 'syntax and escaping only; for types: npm install --save-dev';
  t.true(summary().includes(`(${limits} typescript @types/node): 0 errors, 0 warnings\n`));
  mkdirSync(join(cwd, 'node_modules/@types/node'), { recursive: true });
  writeFileSync(join(cwd, 'node_modules/@types/node/package.json'), '{}');
  t.true(summary().includes(`(${limits} typescript): 0 errors, 0 warnings\n`));
});

test('--watch checks again after a save, and leaves nothing behind when it is stopped', async (t) => {
  const cwd = await folderWith(t, { 'site/cart.pih': WRONG, 'tmp/keep': '' });
  const child = spawn(process.execPath, [PROGRAM, 'check', '--watch', '--json'], {
    cwd,
    env: { ...process.env, TMPDIR: join(cwd, 'tmp') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  /** A save may be reported twice, so the same findings may come again. */
  const until = async (expected: readonly object[]): Promise<void> => {
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      const rows: { code: string; line: number }[] = JSON.parse(line.value);
      const types = rows.filter(({ code }) => code.startsWith('TS'));
      const found = types.map((row) => ({ code: row.code, line: row.line }));
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
