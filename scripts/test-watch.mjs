// Compiles at every save and runs the tests that a saved file may have changed: the unit tests, or the files that are named
// as for `npm run test:file`. `npm run test:watch` builds once before, so that ava begins with current files.

import { spawn } from 'node:child_process';
import { testFiles } from '../test/groups/test-files.mjs';
import { ava, namedTests, root } from './named-tests.mjs';

const TSC = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--watch', '--preserveWatchOutput'];
const isWindows = process.platform === 'win32';

try {
  const { files, options } = namedTests(process.argv.slice(2));
  const unit = () => testFiles().unit.map((name) => `dist/test/${name}`);
  watch([...(files.length > 0 ? files : unit()), ...options]);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

/** Runs tsc and ava until ava ends. Ctrl-C goes to ava. */
function watch(args) {
  // A process group, because bin/tsc starts the compiler as another process on Node 20, which outlives a signal to bin/tsc.
  const compiler = spawn(process.execPath, TSC, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: !isWindows,
  });
  const tests = spawn(process.execPath, [ava, ...args, '--watch'], { cwd: root, stdio: 'inherit' });
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => tests.kill());
  compiler.on('exit', () => tests.kill());
  tests.on('exit', (code) => {
    process.exitCode = code ?? 1;
    if (compiler.exitCode !== null || compiler.signalCode !== null) return;
    if (isWindows) compiler.kill();
    else process.kill(-compiler.pid);
  });
}
