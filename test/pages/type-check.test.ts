// Types of pages and modules, checked by the installed TypeScript. In `test/cases/types/site` a caret in the line below
// code marks the position and code of an error; a page without a caret must have no error.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { PAGE_NAMES } from '../../engine/compiler/page-name-table.ts';
import { NOTHING_HIDDEN } from '../../engine/pages/hidden-files.ts';
import { pageFiles } from '../../engine/pages/page-files.ts';
import { checkTypes, type TypeCheck } from '../../engine/pages/type-check/index.ts';
import { findTypeScript } from '../../engine/pages/type-check/installed-typescript.ts';
import { Shadow } from '../../engine/pages/type-check/shadow-folder.ts';
import { folderWith } from '../folder.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const cases = join(repository, 'test/cases/types/site');

/** Checks the site of a folder with the settings of that folder. */
async function typesOf(folder: string, pages?: readonly string[]): Promise<TypeCheck> {
  const root = realpathSync(join(folder, 'site'));
  const found = await checkTypes({
    root,
    base_dir: folder,
    pages: pages?.map((name) => join(root, name)) ?? pageFiles(root, NOTHING_HIDDEN),
    whole: pages === undefined,
  });
  if (found === undefined) throw new Error('typescript is not installed');
  return found;
}

/** The type errors as `file(line,column): code`. */
function places({ mistakes }: TypeCheck, root: string): string[] {
  return mistakes.map(
    ({ file, line, column, code }) => `${relative(root, file)}(${line},${column}): ${code}`,
  );
}

const MARK = /^(?:<%#|\/\/)(?: *\^| <-) (TS\d+)/;

/** The errors that the carets of a file mark. */
function expectedIn(file: string): string[] {
  const found: string[] = [];
  let marked = 0;
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    const mark = MARK.exec(line);
    if (mark === null) marked = index + 1;
    else found.push(`${relative(cases, file)}(${marked},${Math.max(line.indexOf('^'), 0) + 1}): ${mark[1]}`);
  }
  return found;
}

test('pages and modules have exactly the type errors that their carets mark', async (t) => {
  const found = places(await typesOf(join(cases, '..')), realpathSync(cases));
  const files = readdirSync(cases, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(pih|ts)$/.test(name),
  );
  const expected = files.flatMap((name) => expectedIn(join(cases, name)));
  t.deepEqual(found.sort(), expected.sort());
});

test('every name of a page has a type', async (t) => {
  const folder = await folderWith(t, {
    'site/index.pih': `<% const all = [${PAGE_NAMES.join(', ')}]; %><p><%= all.length %></p>`,
  });
  t.deepEqual((await typesOf(folder)).mistakes, []);
});

test('the demo site has no type errors, under the strict settings beside it', async (t) => {
  const { mistakes } = await typesOf(repository);
  t.deepEqual(mistakes, []);
});

test('a tsconfig.json gives strictness, paths, and names for all', async (t) => {
  const folder = await folderWith(t, {
    'tsconfig.json': {
      compilerOptions: {
        strict: true,
        noUncheckedIndexedAccess: true,
        noUnusedLocals: true,
        module: 'nodenext',
        rootDir: 'src',
        outDir: 'dist',
        composite: true,
        paths: { '@lib/*': ['./lib/*'] },
      },
      include: ['types', 'src'],
    },
    'types/session.d.ts': 'interface SessionData { cart: string[]; user: string }',
    'src/other.ts': 'export const wrong: number = "no page imports this";',
    'lib/money.ts': 'export const money = (cents: number): string => `${cents}`;',
    'site/index.pih':
      "<%\nimport { money } from '@lib/money.ts';\nconst s = Session();\ns.cart.push('a');\nlet unused = 1;\n" +
      'const first: string = s.cart[0];\ns.usr;\n%>\n<%= money(1) %><%= first %>',
  });
  t.deepEqual(places(await typesOf(folder), join(folder, 'site')), [
    'index.pih(5,5): TS6133',
    'index.pih(6,7): TS2322',
    'index.pih(7,3): TS2551',
  ]);
});

test("packages are found from the page's own folder, and types of Node without a tsconfig.json", async (t) => {
  const manifest = {
    name: 'fruit',
    version: '1.0.0',
    type: 'module',
    exports: './index.js',
    types: './index.d.ts',
  };
  const folder = await folderWith(t, {
    'site/shop/node_modules/fruit/package.json': manifest,
    'site/shop/node_modules/fruit/index.js': 'export const apple = 1;',
    'site/shop/node_modules/fruit/index.d.ts': 'export declare const apple: number;',
    'site/shop/node_modules/fruit/source.ts': 'const wrong: number = "a package’s own affair";',
    'site/shop/index.pih': "<% import { apple } from 'fruit'; const a: string = apple; %><%= a %>",
    'site/index.pih': "<% import { apple } from 'fruit'; %><%= apple %><%= Buffer.from('').length %>",
  });
  t.deepEqual(places(await typesOf(folder), join(folder, 'site')), [
    'index.pih(1,26): TS2307',
    'shop/index.pih(1,41): TS2322',
  ]);
});

test("modules of the site's own package are found by its name and by #names", async (t) => {
  const folder = await folderWith(t, {
    'package.json': {
      name: '@shop/site',
      type: 'module',
      exports: {
        '.': './lib/price.ts',
        './lib/*': './lib/*.ts',
        './typed': { browser: './lib/none.js', types: './lib/typed.d.ts', default: './lib/typed.js' },
        './lists': [null, './lib/price.ts'],
        './closed/*': null,
      },
      imports: { '#price': './lib/price.ts', '#lib/*': { node: './lib/*.ts' }, '#zod': 'zod' },
    },
    'lib/price.ts': "import { rate } from '#lib/rate'; export const price: number = rate;",
    'lib/rate.ts': 'export const rate: number = 3;',
    'lib/typed.js': 'export const typed = 3;',
    'lib/typed.d.ts': 'export declare const typed: number;',
    'site/deep/index.pih': `<%
import { price as a } from '@shop/site';
import { price as b } from '@shop/site/lib/price';
import { typed as c } from '@shop/site/typed';
import { price as d } from '@shop/site/lists';
import { price as e } from '#price';
import { rate as f } from '#lib/rate';
import * as z from '#zod';
const texts: string[] = [a, b, c, d, e, f];
const schema: string = z.string();
import { g } from '@shop/site/closed/g';
import { h } from '#none';
print(texts, schema, g, h);
%>`,
  });
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const found = await typesOf(folder);
  t.deepEqual(
    places(found, realpathSync(join(folder, 'site'))).sort(),
    [
      ...['26', '29', '32', '35', '38', '41'].map((column) => `deep/index.pih(9,${column}): TS2322`),
      'deep/index.pih(10,7): TS2322',
      'deep/index.pih(11,19): TS2307',
      'deep/index.pih(12,19): TS2307',
    ].sort(),
  );
});

test('only the chosen pages are told of, with the modules that they import', async (t) => {
  const folder = await folderWith(t, {
    'site/one.pih': "<% import { wrong } from './_m.ts'; Include('_part.pih', { a: '1' }); %><%= wrong %>",
    'site/two.pih': '<% const n: number = "two"; %><%= n %>',
    'site/_part.pih': '<% type Args = { a: number }; const n: number = "part"; %><%= n %><%= ARGS.a %>',
    'site/_m.ts': 'export const wrong: number = "module";',
    'site/_n.ts': 'export const wrong: number = "nobody imports this";',
  });
  t.deepEqual(places(await typesOf(folder, ['one.pih']), join(folder, 'site')).sort(), [
    '_m.ts(1,14): TS2322',
    'one.pih(1,60): TS2322',
  ]);
});

test('a page that does not compile has any type for pages that include it', async (t) => {
  const folder = await folderWith(t, {
    'site/index.pih': "<% Include('_part.pih', { a: 1 }); Include('_none.pih', 1); %>",
    'site/_part.pih': '<% const = ; %>',
  });
  t.deepEqual((await typesOf(folder)).mistakes, []);
});

test('a page may end in a return, or redirect in every branch, where unreachable code is an error', async (t) => {
  const branches = "<% if (_a === undefined) redirect('/a'); else redirect('/b'); %>";
  const folder = await folderWith(t, {
    'tsconfig.json': { compilerOptions: { strict: true, allowUnreachableCode: false } },
    'site/a.pih': '<%= ARGS %><%= _email %>\n<% return %>\n',
    'site/b.pih': `<p>${branches}`,
    'site/c.pih': '<p><%= PARAMS.id ?? _a %><% throw HttpError(404); %></p>',
    'site/d.pih': `${branches}\n<p><%= _b %></p>`,
  });
  t.deepEqual(places(await typesOf(folder), join(folder, 'site')), ['d.pih(2,8): TS7027']);
});

test('an error has a remedy', async (t) => {
  const folder = await folderWith(t, {
    'site/index.pih': '<%= Promise.resolve(1) %><%= () => 1 %><%= QUERY.email.length %>',
  });
  const { mistakes } = await typesOf(folder);
  t.deepEqual(
    mistakes.map(({ text, remedy }) => [text.split(' is ', 1)[0], remedy]),
    [
      ["Argument of type 'Promise<number>'", 'Write `await` before it: a Promise has no text.'],
      [
        "Argument of type '() => number'",
        'Print something that has a text: call the function, or choose a field.',
      ],
      ["'QUERY.email'", 'Check for undefined first, or give a default with `??`.'],
    ],
  );
  t.false(mistakes[0]?.text.includes('\n'));
});

test('a tsconfig.json that TypeScript refuses is types-configuration', async (t) => {
  const folder = await folderWith(t, {
    'tsconfig.json': '{\n  "compilerOptions": { "strct": true }\n}',
    'site/index.pih': '<% const n: number = "checked without it"; %><%= n %>',
  });
  const found = await typesOf(folder);
  t.like(found.configuration, { code: 'types-configuration', line: 2, column: 24 });
  t.regex(found.configuration?.message ?? '', /strct/);
  t.deepEqual(places(found, join(folder, 'site')), ['index.pih(1,10): TS2322']);
});

/** A folder in which the package `typescript` is this script. */
function withTypeScript(t: ExecutionContext, version: string, script: string): Promise<string> {
  return folderWith(t, {
    'node_modules/typescript/package.json': { name: 'typescript', version, bin: { tsc: './bin/tsc' } },
    'node_modules/typescript/bin/tsc': script,
    'site/index.pih': '<p>',
  });
}

test('a TypeScript that is too old or too new is typescript-version', async (t) => {
  for (const version of ['5.8.3', '4.9.5', '8.0.0']) {
    const folder = await withTypeScript(t, version, '');
    await t.throwsAsync(typesOf(folder), { code: 'typescript-version', message: new RegExp(version) });
  }
});

test('a TypeScript that ends without a result is types-failed, with its message', async (t) => {
  const crashing = await withTypeScript(t, '6.0.0', "console.error('out of memory'); process.exit(3)");
  await t.throwsAsync(typesOf(crashing), { code: 'types-failed', message: /6\.0\.0 .*out of memory/ });
  const killed = await withTypeScript(t, '6.0.0', "process.kill(process.pid, 'SIGKILL')");
  await t.throwsAsync(typesOf(killed), { code: 'types-failed', message: /SIGKILL/ });
});

test("the site's own TypeScript goes before karrigell's; without any there is none", async (t) => {
  const folder = await withTypeScript(t, '5.9.0', '');
  t.is(findTypeScript(folder)?.version, '5.9.0');
  const none = await folderWith(t, {});
  t.is(findTypeScript(none, none), undefined);
});

test('checks that run at the same time share one listener for the end of the process', (t) => {
  const before = process.listenerCount('exit');
  const folders = Array.from({ length: 12 }, () => new Shadow());
  t.true(process.listenerCount('exit') <= before + 1);
  for (const { folder } of folders) t.true(existsSync(folder));
  for (const folder of folders) folder.remove();
  for (const { folder } of folders) t.false(existsSync(folder));
  t.is(process.listenerCount('exit'), before);
});

test('a process that ends in the middle of a check leaves no folder', (t) => {
  const shadow = new URL('../../engine/pages/type-check/shadow-folder.js', import.meta.url).href;
  const code = `import { Shadow } from ${JSON.stringify(shadow)};
const [first, second] = [new Shadow(), new Shadow()];
process.stdout.write(first.folder + '\\n' + second.folder);`;
  const folders = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  t.deepEqual(folders.split('\n').map(existsSync), [false, false]);
});
