// Runs test files by their source: `npm run test:file -- test/http/fields.test.ts -m 'title*'`. A word that is no path
// selects all test files that have it in their name: `npm run test:file -- fields`. Other arguments go to ava.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const ava = fileURLToPath(new URL('../node_modules/ava/entrypoints/cli.mjs', import.meta.url));

/** Options of ava that take the next argument as their value. */
const WITH_VALUE = [
  '-m',
  '--match',
  '-c',
  '--concurrency',
  '-T',
  '--timeout',
  '--config',
  '--node-arguments',
];

const compiled = readdirSync(new URL('../dist/test/', import.meta.url), { recursive: true, encoding: 'utf8' })
  .map((name) => `dist/test/${name.replaceAll('\\', '/')}`)
  .filter((name) => name.endsWith('.test.js'));

const [wanted, options] = separated(process.argv.slice(2));
const files = wanted.flatMap(filesFor);
const { status } = spawnSync(process.execPath, [ava, ...files, ...options], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);

/** Test files and options apart. */
function separated(args) {
  const [names, rest] = [[], []];
  for (const [index, arg] of args.entries()) {
    const isValue = WITH_VALUE.includes(args[index - 1]);
    (isValue || arg.startsWith('-') ? rest : names).push(arg);
  }
  return [names, rest];
}

/** The compiled files of a source file, with its `:lines` if it has any, or of a part of a name. */
function filesFor(name) {
  const [, path = '', lines = ''] = /^(.*?)((?::[\d,-]+)?)$/.exec(name.replaceAll('\\', '/')) ?? [];
  const exact = path.replace(/^(?:\.\/)?test\//, 'dist/test/').replace(/\.ts$/, '.js');
  const found = compiled.includes(exact) ? [exact] : compiled.filter((file) => file.includes(path));
  if (found.length > 0) return found.map((file) => file + lines);
  process.stderr.write(`no test file has "${name}" in its name\n`);
  process.exit(2);
}
