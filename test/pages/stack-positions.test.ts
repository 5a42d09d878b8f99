// Errors thrown in compiled code, and the positions in their stacks.

import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import vm from 'node:vm';
import test from 'ava';
import { applyEdits } from '../../engine/compiler/4-emit/edits.ts';
import { HiddenFiles } from '../../engine/pages/hidden-files.ts';
import { moduleCompiler } from '../../engine/pages/modules/compiled-module.ts';
import { ModuleLoader } from '../../engine/pages/modules/module-loader.ts';
import { DiskSources } from '../../engine/pages/sources.ts';
import { registerSource } from '../../engine/pages/stack-positions.ts';

function framesOf(error: unknown): string[] {
  return error instanceof Error ? (error.stack ?? '').split('\n    at ') : [];
}

test('lines and columns of a stack are positions of the source', (t) => {
  const source = 'a;\n  fail(1);';
  const { code, pieces } = applyEdits(source, [
    { start: 0, end: 0, text: '(function run(fail) { let a; ' },
    { start: 5, end: 5, text: 'void 0; /* much code of the compiler */ ' },
    { start: source.length, end: source.length, text: '})' },
  ]);
  registerSource({ file: '/site/page.pih', code, source, pieces, bindings: new Map() });
  const run: (fail: (value: number) => void) => void = vm.runInThisContext(code, {
    filename: '/site/page.pih',
  });
  const error = t.throws(() =>
    run((value) => {
      throw new RangeError(`no ${value}`);
    }),
  );
  const [headline, , frame] = framesOf(error);
  t.is(headline, 'RangeError: no 1');
  t.is(frame, 'run (/site/page.pih:2:3)');
});

test('a frame in code of the compiler points to the nearest position before it', (t) => {
  const { code, pieces } = applyEdits('ab', [{ start: 1, end: 1, text: '; null.x;' }]);
  registerSource({ file: '/site/own.pih', code, source: 'ab', pieces, bindings: new Map() });
  const error = t.throws(() =>
    vm.runInThisContext(`${code.replace('a', '1').replace('b', '')}`, { filename: '/site/own.pih' }),
  );
  t.is(framesOf(error)[1], '/site/own.pih:1:2');
});

test('the stack of a module is right behind erased types and rewritten imports', async (t) => {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'karrigell-stack-')));
  t.teardown(() => rm(root, { recursive: true, force: true }));
  const lines = [
    "import { fail } from './b.ts';",
    'export function run(): void {',
    '  const a: number = 1; fail(a); }',
  ];
  await writeFile(join(root, 'a.ts'), lines.join('\n'));
  await writeFile(
    join(root, 'b.ts'),
    'export const fail = (a: number): never => { throw new Error(String(a)); };',
  );
  const modules = new ModuleLoader({
    sources: new DiskSources(root, new HiddenFiles([])),
    compiler: moduleCompiler(true),
    log: () => undefined,
  });
  const { run } = await modules.load('./a.ts', join(root, 'page.pih'));
  const error = t.throws(() => (run as () => void)());
  t.is(framesOf(error)[1], `fail (${join(root, 'b.ts')}:1:51)`);
  t.is(framesOf(error)[2], `run (${join(root, 'a.ts')}:3:24)`);
});
