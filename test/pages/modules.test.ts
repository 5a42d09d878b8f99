// The modules of a site: folders of files in, the imports of a page or module out.

import { mkdir, mkdtemp, realpath, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { ImportFact } from '../../engine/compiler/facts.ts';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { pageCompiler } from '../../engine/pages/compiled-page.ts';
import { DependencyGraph } from '../../engine/pages/dependency-graph.ts';
import { HiddenFiles } from '../../engine/pages/hidden-files.ts';
import { moduleCompiler } from '../../engine/pages/modules/compiled-module.ts';
import { ModuleLoader } from '../../engine/pages/modules/module-loader.ts';
import { DiskSources } from '../../engine/pages/sources.ts';

interface Site {
  readonly root: string;
  readonly page: string;
  readonly modules: ModuleLoader;
  readonly dependencies: DependencyGraph;
  readonly log: string[];
  write(name: string, text: string): Promise<string>;
  load(specifier: string): Promise<Readonly<Record<string, unknown>>>;
}

async function siteWith(t: ExecutionContext, files: Readonly<Record<string, string>>): Promise<Site> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'karrigell-modules-')));
  t.teardown(() => rm(root, { recursive: true, force: true }));
  const log: string[] = [];
  const [sources, compiler] = [new DiskSources(root, new HiddenFiles([])), moduleCompiler(true)];
  const dependencies = new DependencyGraph(sources, { pages: pageCompiler(true), modules: compiler });
  const modules = new ModuleLoader({
    sources,
    compiler,
    log: (level, message) => log.push(`${level}: ${message}`),
  });
  const page = join(root, 'page.pih');
  const write = async (name: string, text: string) => {
    const file = join(root, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  };
  for (const [name, text] of Object.entries(files)) await write(name, text);
  return {
    root,
    page,
    modules,
    dependencies,
    log,
    write,
    load: (specifier) => modules.load(specifier, page),
  };
}

function wanted(specifier: string, names: readonly string[] = []): ImportFact {
  return { specifier, names, line: 3, column: 5 };
}

async function problemOf(t: ExecutionContext, promise: Promise<unknown>): Promise<Problem> {
  const error = await t.throwsAsync(promise);
  if (error instanceof Problem) return error;
  throw error ?? new Error('no error');
}

async function exportOf(site: Site, specifier: string, name: string): Promise<unknown> {
  const value = (await site.load(specifier))[name];
  return typeof value === 'function' ? value() : value;
}

test('TypeScript, JavaScript and JSON are found relative to the importer and from root_dir', async (t) => {
  const site = await siteWith(t, {
    'lib/a.ts':
      "import { b } from '../b.mjs'; import c from '/lib/c.json'; export const sum: number = b + c.d;",
    'b.mjs': 'export const b = 1;',
    'lib/c.json': '\uFEFF{ "d": 41 }',
  });
  t.is((await site.load('./lib/a.ts')).sum, 42);
  t.is((await site.load('/lib/a.ts')).sum, 42);
});

test('a module runs once, however often and under whatever path it is imported', async (t) => {
  const site = await siteWith(t, {
    'a.ts': 'export const identity = {}; export let runs = 0; runs++;',
    'b.ts': "export { identity } from './a.ts';",
  });
  await symlink(join(site.root, 'a.ts'), join(site.root, 'link.ts'));
  const [a, b, link] = await Promise.all([site.load('./a.ts'), site.load('./b.ts'), site.load('./link.ts')]);
  t.is(a, link);
  t.is(a.identity, b.identity);
  t.is(a.runs, 1);
});

test('a namespace is like that of Node: sorted, without prototype, read-only, named Module', async (t) => {
  const site = await siteWith(t, {
    'a.ts': 'export const b = 1; export function a() {} export default class {}',
  });
  const namespace = await site.load('./a.ts');
  t.deepEqual(Object.keys(namespace), ['a', 'b', 'default']);
  t.is(Object.getPrototypeOf(namespace), null);
  t.is(Object.prototype.toString.call(namespace), '[object Module]');
  t.false(Reflect.set(namespace, 'b', 2));
  t.false(Reflect.set(namespace, 'c', 2));
  t.is((namespace.default as { name: string }).name, 'default');
});

test('bindings are live in both directions', async (t) => {
  const site = await siteWith(t, {
    'counter.ts': 'export let count = 0; export const add = () => { count++; };',
    'user.ts':
      "import { add, count } from './counter.ts'; import * as all from './counter.ts'; add(); export const seen = () => ({ count, all: all.count });",
  });
  const counter = await site.load('./counter.ts');
  const seen = (await site.load('./user.ts')).seen as () => unknown;
  (counter.add as () => void)();
  t.deepEqual(seen(), { count: 2, all: 2 });
  t.is(counter.count, 2);
});

test('a function that is imported is called without its module as this', async (t) => {
  const site = await siteWith(t, {
    'a.js': 'export function self() { return this; }',
    'b.ts':
      "import { self } from './a.js'; import * as a from './a.js'; export const values = [self(), a.self() === a];",
  });
  t.deepEqual((await site.load('./b.ts')).values, [undefined, true]);
});

test('modules that import each other: functions are there, other values only once they are set', async (t) => {
  const site = await siteWith(t, {
    'a.ts':
      "import { fromB } from './b.ts'; export function hoisted() { return 'a'; } export const late = 1; export const result = fromB;",
    'b.ts':
      "import { hoisted, late } from './a.ts'; export const fromB = hoisted(); export const readLate = () => late; export const early = (() => { try { return late } catch (error) { return (error as Error).name } })();",
  });
  const a = await site.load('./a.ts');
  const b = await site.load('./b.ts');
  t.is(a.result, 'a');
  t.is(b.early, 'ReferenceError');
  t.is((b.readLate as () => unknown)(), 1);
});

test('export * takes all but default, own names and the first of two come first, cycles end', async (t) => {
  const site = await siteWith(t, {
    'a.ts':
      "export * from './b.ts'; export * from './c.ts'; export const own = 'a'; export * as b from './b.ts';",
    'b.ts': "export const own = 'b', both = 'b', b1 = 1; export default 1; export * from './a.ts';",
    'c.ts': "export const both = 'c', c1 = 2; export * from 'node:path';",
  });
  const a = await site.load('./a.ts');
  t.like(a, { own: 'a', both: 'b', b1: 1, c1: 2, sep: '/' });
  t.false('default' in a);
  t.is((a.b as { own: string }).own, 'b');
});

test('top-level await is waited for, in the order of the imports', async (t) => {
  const site = await siteWith(t, {
    'log.ts': 'export const log: string[] = [];',
    'a.ts':
      "import { log } from './log.ts'; import './b.ts'; import './c.ts'; log.push('a'); export { log };",
    'b.ts':
      "import { log } from './log.ts'; await new Promise((resolve) => setImmediate(resolve)); log.push('b'); export {};",
    'c.ts': "import { log } from './log.ts'; log.push('c');",
  });
  const [a, again] = await Promise.all([site.load('./a.ts'), site.load('./a.ts')]);
  t.deepEqual(a.log, ['b', 'c', 'a']);
  t.is(a, again);
});

test('loadNow gives modules that have run, and no others', async (t) => {
  const site = await siteWith(t, { 'a.ts': 'export const a = 1;' });
  t.is(site.modules.loadNow('./a.ts', site.page), undefined);
  t.is(site.modules.loadNow('node:path', site.page), undefined);
  t.is(site.modules.loadNow('./none.ts', site.page), undefined);
  const a = await site.load('./a.ts');
  const path = await site.load('node:path');
  t.is(site.modules.loadNow('./a.ts', site.page), a);
  t.is(site.modules.loadNow('node:path', site.page), path);
  t.is(site.modules.loadNow(wanted('./a.ts', ['b']), site.page), undefined);
});

test('with debug a load after a save gets the new version; siblings and imports keep their state', async (t) => {
  const site = await siteWith(t, {
    'base.ts': 'export const state = {};',
    'sibling.ts': "export { state } from './base.ts'; export const own = {};",
    'middle.ts': "export { state } from './base.ts'; export const value = 1;",
    'top.ts': "export * from './middle.ts'; export const top = {};",
  });
  const [top, sibling] = [await site.load('./top.ts'), await site.load('./sibling.ts')];
  await site.write('middle.ts', "export { state } from './base.ts'; export const value = 'new';");
  t.is(site.modules.loadNow('./top.ts', site.page), undefined);
  const newTop = await site.load('./top.ts');
  t.is(newTop.value, 'new');
  t.not(newTop.top, top.top);
  t.is(newTop.state, top.state);
  t.is(site.modules.loadNow('./sibling.ts', site.page), sibling);
});

test('the graph names all files of a page, and the absent ones', async (t) => {
  const site = await siteWith(t, {
    'page.pih': '<% import "./a.ts"; Layout("_layout.pih"); Include("_absent.pih") %>',
    '_layout.pih': '<%= CONTENT %>',
    'a.ts': "import './b.ts';",
    'b.ts': "import data from './c.json'; import './none.ts'; data;",
    'c.json': '1',
  });
  const names = [
    'page.pih',
    '_before.pih',
    '_absent.pih',
    '_layout.pih',
    'a.ts',
    'b.ts',
    'c.json',
    'none.ts',
  ];
  t.deepEqual(
    [...site.dependencies.madeOf([site.page])].toSorted(),
    names.map((name) => join(site.root, name)).toSorted(),
  );
});

test('import.meta has url, dirname and filename; hot.dispose is called when the version ends', async (t) => {
  const site = await siteWith(t, {
    'a.ts':
      "export const closed: string[] = []; import.meta.hot?.dispose(() => closed.push('a')); export const { url, dirname, filename } = import.meta;",
    'b.ts':
      "import { closed } from './a.ts'; import.meta.hot?.dispose(() => { throw new Error('no') }); import.meta.hot?.dispose(() => closed.push('b'));",
  });
  await site.load('./b.ts');
  const a = await site.load('./a.ts');
  t.deepEqual([a.filename, a.dirname], [join(site.root, 'a.ts'), site.root]);
  t.true(String(a.url).startsWith('file:///'));
  await site.write('b.ts', '');
  await site.load('./b.ts');
  t.deepEqual(a.closed, ['b']);
  t.is(site.log.length, 1);
  t.regex(site.log[0] ?? '', /^error: import\.meta\.hot\.dispose of .*b\.ts failed$/);
  site.modules.close();
  t.deepEqual(a.closed, ['b', 'a']);
});

test('import() in a module goes the same way, also in circles', async (t) => {
  const site = await siteWith(t, {
    'a.ts': "export const state = {}; export const later = import('./b.ts');",
    'b.ts': "export { state } from './a.ts'; export const load = (name: string) => import(name);",
  });
  const a = await site.load('./a.ts');
  const b = (await a.later) as { state: unknown; load(name: string): Promise<unknown> };
  t.is(b.state, a.state);
  t.is(await b.load('./a.ts'), a);
  await t.throwsAsync(b.load('./none.ts'), { instanceOf: Problem });
});

test('a module that throws runs again at the next load, with the modules that wait for it', async (t) => {
  const site = await siteWith(t, {
    'good.ts': 'export const state = {};',
    'bad.ts':
      "import { state } from './good.ts'; if (!('ready' in state)) throw new Error('not ready'); export const bad = 1;",
    'top.ts': "export { state } from './good.ts'; export { bad } from './bad.ts';",
  });
  await t.throwsAsync(site.load('./top.ts'), { message: 'not ready' });
  await t.throwsAsync(site.load('./top.ts'), { message: 'not ready' });
  const { state } = await site.load('./good.ts');
  Object.assign(state as object, { ready: true });
  const top = await site.load('./top.ts');
  t.is(top.bad, 1);
  t.is(top.state, state);
});

test('a rejected top-level await rejects all loads that wait for it', async (t) => {
  const site = await siteWith(t, {
    'a.ts': "await null; throw new Error('late');",
    'b.ts': "import './a.ts';",
  });
  const results = await Promise.allSettled([site.load('./a.ts'), site.load('./b.ts')]);
  for (const result of results)
    t.is(result.status === 'rejected' && (result.reason as Error).message, 'late');
});

test('a module that does not compile is a Problem with its position, until it is mended', async (t) => {
  const site = await siteWith(t, { 'a.ts': "import './b.ts'; export const a = 1;", 'b.ts': 'const x = ;\n' });
  const problem = await problemOf(t, site.load('./a.ts'));
  t.is(problem.code, 'syntax');
  t.deepEqual([problem.file, problem.line, problem.column], [join(site.root, 'b.ts'), 1, 11]);
  t.is(await problemOf(t, site.load('./a.ts')), problem);
  t.true(
    site.dependencies.madeOf([join(site.root, 'a.ts')]).has(join(site.root, 'b.ts')),
    'so that a page reloads once it is mended',
  );
  await site.write('b.ts', 'const x = 1;\n');
  t.is(await exportOf(site, './a.ts', 'a'), 1);
});

test('a missing module names the importer and the file that may have been meant', async (t) => {
  const site = await siteWith(t, { 'lib/index.ts': '', 'data.ts': '', 'a.ts': "\nimport './none.ts';" });
  const problem = await problemOf(t, site.load('./a.ts'));
  t.is(problem.code, 'module-missing');
  t.deepEqual([problem.file, problem.line, problem.column], [join(site.root, 'a.ts'), 2, 8]);
  for (const [specifier, meant] of [
    ['./data', "'./data.ts'"],
    ['./data.js', "'./data.ts'"],
    ['/lib', "'/lib/index.ts'"],
  ]) {
    const { remedy } = await problemOf(t, site.load(specifier ?? ''));
    t.true(remedy.includes(meant ?? ''), remedy);
  }
});

test('a module that comes to be, goes, or is replaced is noticed', async (t) => {
  const site = await siteWith(t, { 'a.ts': "export * from './b.ts';" });
  t.is((await problemOf(t, site.load('./a.ts'))).code, 'module-missing');
  const b = await site.write('b.ts', 'export const b = 1;');
  t.is(await exportOf(site, './a.ts', 'b'), 1);
  await rename(await site.write('b.tmp', 'export const b = "replaced";'), b);
  t.is(await exportOf(site, './a.ts', 'b'), 'replaced');
  await unlink(b);
  t.is((await problemOf(t, site.load('./a.ts'))).code, 'module-missing');
});

test('an export that does not exist is a Problem at the import, in pages and modules', async (t) => {
  const site = await siteWith(t, {
    'a.ts': 'export const a = 1; export interface B {}',
    'b.ts': "\n\nimport { B } from './a.ts';",
    'c.ts': "import { nothing } from 'node:path'; nothing;",
  });
  const inModule = await problemOf(t, site.load('./b.ts'));
  t.is(inModule.code, 'export-missing');
  t.deepEqual([inModule.file, inModule.line], [join(site.root, 'b.ts'), 3]);
  t.is(inModule.remedy, 'It exports a. If B is a type, write `import { type B }`.');
  const inPage = await problemOf(t, site.modules.load(wanted('./a.ts', ['a', 'b']), site.page));
  t.is(inPage.code, 'export-missing');
  t.deepEqual([inPage.file, inPage.line, inPage.column], [site.page, 3, 5]);
  t.is((await problemOf(t, site.load('./c.ts'))).code, 'export-missing');
});

test('JSON that is wrong is a Problem with its position', async (t) => {
  const site = await siteWith(t, { 'a.json': '{\n  "a": 1,\n}', 'b.json': '{"a":' });
  const problem = await problemOf(t, site.load('./a.json'));
  t.is(problem.code, 'json-syntax');
  t.deepEqual([problem.file, problem.line, problem.column], [join(site.root, 'a.json'), 3, 1]);
  t.is((await problemOf(t, site.load('./b.json'))).line, 1);
});

test('files that are no modules are refused', async (t) => {
  const site = await siteWith(t, { 'a.css': '' });
  t.is((await problemOf(t, site.load('./a.css'))).code, 'module-kind');
  await mkdir(join(site.root, 'folder.ts'));
  t.is((await problemOf(t, site.load('./folder.ts'))).code, 'module-missing');
});

test('a file that vanishes before it is read is a Problem', (t) => {
  const sources = new DiskSources('/none', new HiddenFiles([]));
  const error = t.throws(() => moduleCompiler(true).get('/none/a.ts', sources), {
    instanceOf: Problem,
  });
  t.is(error?.code, 'module-unreadable');
});

test('packages and builtins are Node’s, with the import condition and one instance', async (t) => {
  const site = await siteWith(t, {
    'node_modules/dual/package.json':
      '{"name":"dual","exports":{".":{"import":"./a.mjs","require":"./a.cjs"}}}',
    'node_modules/dual/a.mjs': "export const kind = 'import'; export const identity = {};",
    'node_modules/dual/a.cjs': "exports.kind = 'require';",
    'old.cjs': 'exports.name = "old";',
    'sub/a.ts':
      "import { kind, identity } from 'dual'; import { join } from 'node:path'; import old from '../old.cjs'; export { kind, identity, old }; export const joined = join('a', 'b');",
  });
  const a = await site.load('./sub/a.ts');
  t.like(a, { kind: 'import', joined: 'a/b', old: { name: 'old' } });
  t.is((await site.load('dual')).identity, a.identity);
  t.is((await site.load('./node_modules/dual/a.mjs')).identity, a.identity);
});

test('a missing package is a Problem with the command that installs it', async (t) => {
  const site = await siteWith(t, { 'a.ts': "import '@none/such/deep';" });
  const problem = await problemOf(t, site.load('./a.ts'));
  t.is(problem.code, 'package-missing');
  t.is(problem.remedy, 'Run: npm install @none/such');
  t.deepEqual([problem.file, problem.line, problem.column], [join(site.root, 'a.ts'), 1, 8]);
});

test('an import that the loader of Node refuses is a Problem, and an error of a package stays its own error', async (t) => {
  const site = await siteWith(t, {
    'node_modules/closed/package.json': '{"name":"closed","exports":{"./a":"./a.js"}}',
    'node_modules/throws/package.json': '{"name":"throws","main":"index.js"}',
    'node_modules/throws/index.js': "throw new RangeError('from the package');",
  });
  t.is((await problemOf(t, site.load('closed'))).code, 'import-failed');
  t.is((await problemOf(t, site.load('node:none'))).code, 'import-failed');
  await t.throwsAsync(site.load('throws'), { instanceOf: RangeError });
});

test('check() finds everything without running anything', async (t) => {
  const site = await siteWith(t, {
    'a.ts': "throw new Error('runs'); import { x } from './b.ts'; import 'none'; import 'node:path'; x;",
    'b.ts': "import './none.ts'; import './c.ts';",
    'c.ts': 'enum E { A }',
  });
  const { problems } = site.modules.check([wanted('./a.ts'), wanted('./b.ts')], site.page);
  t.deepEqual(problems.map(({ code }) => code).toSorted(), [
    'module-missing',
    'not-erasable',
    'package-missing',
  ]);
  await site.write('b.ts', '');
  t.deepEqual(
    site.modules
      .check([wanted('./a.ts', ['y'])], site.page)
      .problems.map(({ code }) => code)
      .toSorted(),
    ['export-missing', 'export-missing', 'package-missing'],
  );
});

test('a page has import.meta without hot', async (t) => {
  const site = await siteWith(t, {});
  t.deepEqual(Object.keys(site.modules.pageMeta(site.page)), ['url', 'filename', 'dirname']);
});

test("an entry of package.json's imports that leads to a module of the site is that module, and is loaded anew when it was saved", async (t) => {
  const site = await siteWith(t, {
    'package.json': JSON.stringify({
      type: 'module',
      imports: { '#lib/*': './lib/*', '#rates': { default: './lib/rates.json' }, '#bad': 'node:path' },
    }),
    'lib/a.ts': "import rates from '#rates'; export const sum: number = 1 + rates.d;",
    'lib/rates.json': '{"d": 2}',
    'b.ts': "import { sum } from '#lib/a.ts'; export const text = `is ${sum}`;",
  });
  t.is(await exportOf(site, '#lib/a.ts', 'sum'), 3);
  t.is(await exportOf(site, './lib/a.ts', 'sum'), 3);
  t.is(await exportOf(site, './b.ts', 'text'), 'is 3');
  await site.write('lib/rates.json', '{"d": 30}');
  t.is(await exportOf(site, '#lib/a.ts', 'sum'), 31);
  const missing = await problemOf(t, site.load('#lib/none.ts'));
  t.is(missing.code, 'import-failed');
  t.is((await problemOf(t, site.load('#none'))).code, 'import-failed');
  t.is((await problemOf(t, site.load('#bad'))).code, 'import-failed');
});
