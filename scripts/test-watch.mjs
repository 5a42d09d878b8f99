// Compiles at every save and runs the tests that a saved file may have changed: the unit tests, or the files that are named
// as for `npm run test:file`. `npm run test:watch` builds once before, so that ava begins with current files.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const tsc = 'node_modules/typescript/bin/tsc';
const named = process.argv.slice(2);

const compiler = spawn(process.execPath, [tsc, '-p', 'tsconfig.json', '--watch', '--preserveWatchOutput'], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
});
const which = named.length > 0 ? named : ['--config', 'test/unit.config.mjs'];
const tests = spawn(process.execPath, ['scripts/test-file.mjs', ...which, '--watch'], {
  cwd: root,
  stdio: 'inherit',
});

process.on('SIGINT', () => {});
tests.on('exit', (code) => {
  compiler.kill();
  process.exitCode = code ?? 0;
});
compiler.on('exit', () => tests.kill());
