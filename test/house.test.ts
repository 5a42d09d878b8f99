// The house rules that a machine can hold: imports point one way, no circles, every error code is triggered by a test, file
// names are unique, and comments and test titles name nouns of the code.

import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { CODES } from '../engine/diagnostics/codes.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** From the ground up: a layer imports its own and those before it. */
const LAYERS = [
  ['engine/diagnostics'],
  ['engine/escaping', 'config'],
  ['engine/forms'],
  ['engine/runtime'],
  ['engine/compiler', 'engine/session'],
  ['engine/pages'],
  ['engine/http'],
  ['engine/adapters'],
  ['engine/private-files.ts'],
  ['engine/app.ts'],
  ['engine/opened-app.ts'],
  ['engine/process'],
  ['engine/cli', 'engine/index.ts'],
  ['engine/visit'],
];

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.m?ts$|\.mjs$/.test(name) && !name.includes('node_modules'))
    .map((name) => join(folder, name));
}

function importsOf(file: string): string[] {
  const source = readFileSync(join(root, file), 'utf8');
  const found = source.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g);
  return [...found].map((match) => relative(root, resolve(root, dirname(file), match[1] ?? '')));
}

function layerOf(file: string): number {
  return LAYERS.findIndex((layer) => layer.some((place) => file === place || file.startsWith(`${place}/`)));
}

function roomOf(file: string): string | undefined {
  return LAYERS[layerOf(file)]?.find((place) => file === place || file.startsWith(`${place}/`));
}

const files = [...sources('engine'), ...sources('config')];

test('every source file stands in a layer', (t) => {
  t.deepEqual(
    files.filter((file) => layerOf(file) === -1),
    [],
  );
});

test('imports point one way, types included', (t) => {
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((target) => roomOf(target) !== roomOf(file) && layerOf(target) >= layerOf(file))
      .map((target) => `${file} imports ${target}`),
  );
  t.deepEqual(wrong, []);
});

test('config imports nothing of the engine but diagnostics', (t) => {
  const wrong = sources('config').flatMap((file) =>
    importsOf(file).filter(
      (target) => target.startsWith('engine/') && !target.startsWith('engine/diagnostics/'),
    ),
  );
  t.deepEqual(wrong, []);
});

test('no files import each other in a circle', (t) => {
  const done = new Set<string>();
  const circle = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const target of importsOf(file)) {
      const found = circle(target, [...path, file]);
      if (found !== undefined) return found;
    }
    done.add(file);
    return undefined;
  };
  const circles = files.map((file) => circle(file, [])).filter((found) => found !== undefined);
  t.deepEqual(circles, []);
});

/** Codes that a test reads in what a program or a page prints, so that they are no literals of their own there. */
const PRINTED: ReadonlySet<string> = new Set([
  'usage',
  'unknown-command',
  'worker-stuck',
  'no-such-page',
  'not-in-site',
  'sessions-in-memory',
  'sessions-kept',
  'no-such-session',
  'folder-not-writable',
  'attrs-foreign',
  'form-id-missing',
]);

test('every error code is triggered by a test', (t) => {
  const tests = sources('test').filter((file) => !file.endsWith('house.test.ts'));
  const text = tests.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
  const isNamed = (code: string) => new RegExp(`['"\`]${code}['"\`]`).test(text);
  const isInTitle = (code: string) => new RegExp(`\\b${code}\\b`).test(text);
  const missing = Object.keys(CODES).filter((code) => !(PRINTED.has(code) ? isInTitle(code) : isNamed(code)));
  t.deepEqual(missing, []);
});

test('every error code is raised somewhere', (t) => {
  const text = files
    .filter((file) => !file.startsWith('engine/diagnostics/codes/'))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
  const unused = Object.keys(CODES).filter((code) => !text.includes(`'${code}'`));
  t.deepEqual(unused, []);
});

test('only the entry point and the command line are imported from outside', (t) => {
  const { exports, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  t.deepEqual(Object.keys(exports), ['.', './test', './config.schema.json', './package.json']);
  t.deepEqual(Object.keys(bin), ['karrigell']);
});

test('run-time dependencies are few and run no install script', (t) => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  t.true(Object.keys(dependencies).length <= 18);
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const scripted = Object.entries<{ hasInstallScript?: boolean; dev?: boolean; optional?: boolean }>(
    lock.packages,
  )
    .filter(([, entry]) => entry.hasInstallScript && !entry.dev)
    .map(([name]) => name);
  t.deepEqual(scripted, []);
});

test('the name of a file is unique in engine/ and config/', (t) => {
  const byName = new Map<string, string[]>();
  for (const file of files) byName.set(basename(file), [...(byName.get(basename(file)) ?? []), file]);
  byName.delete('index.ts');
  const repeated = [...byName.values()].filter((same) => same.length > 1);
  t.deepEqual(repeated, [], 'Give each of these files a name that says what is in it without its folder.');
});

/** The folders whose comments are held to the rules of style, beside engine/ and config/. */
const FURTHER = ['bench', 'docs', 'editors/vscode/server/source', 'scripts', 'site', 'templates', 'test'];

/** A sentence that begins with a pronoun for a thing or person, or has one that stands for a person or thing anywhere. */
const WITHOUT_NOUN =
  /^(?:what|whatever|who|whoever|nobody|those|so (?:many|long|often))\b|\b(?:nobody|whoever|those that|those who)\b/i;

/** Each block of comment lines, and each doc comment, as sentences. The tag of a `@param` and its name are left out. */
function commentSentences(file: string): string[] {
  const source = readFileSync(join(root, file), 'utf8');
  const comments = source.match(/\/\*\*[\s\S]*?\*\/|(?:^[ \t]*\/\/.*\n)+/gm) ?? [];
  return comments.flatMap((comment) => {
    const lines = comment.split('\n').map((line) => line.replace(/^\s*(?:\/\*\*|\/\/|\*\/|\*)/, ''));
    const text = lines.join(' ').replaceAll('*/', '').replace(/\s+/g, ' ').trim();
    const sentences = text.split(/(?<=[.;:!?]) | (?=@\w+ )/);
    return sentences.map((sentence) => sentence.replace(/^@(?:param \w+|\w+) /, ''));
  });
}

test('comments name nouns of the code', (t) => {
  const commented = [...files, ...FURTHER.flatMap(sources)];
  t.true(commented.length > 1000);
  const found = commented.flatMap((file) =>
    commentSentences(file)
      .filter((sentence) => WITHOUT_NOUN.test(sentence))
      .map((sentence) => `${file}: ${sentence}`),
  );
  t.deepEqual(found, [], 'Begin each of these sentences with a noun of the code.');
});

/** The titles in a test file: literals before the function of a test, without the names and error codes in front. */
function titles(file: string): string[] {
  const source = readFileSync(join(root, file), 'utf8');
  const found = source.matchAll(
    /\(\s*(['"`])((?:(?!\1)[^\\\n]|\\.)+)\1,\s*(?:\{[^}]*\},\s*)?(?:async )?\(\w*(?:, |\) =>)/g,
  );
  return [...found].map((match) => (match[2] ?? '').replace(/^(?:[\w${}.-]+: )+/, ''));
}

test('titles of tests name nouns of the field, as comments do', (t) => {
  const all = sources('test').flatMap((file) => titles(file).map((title) => ({ file, title })));
  t.true(all.length > 1500);
  const found = all
    .filter(({ title }) => WITHOUT_NOUN.test(title))
    .map(({ file, title }) => `${file}: ${title}`);
  t.deepEqual(found, [], 'Begin each of these titles with a noun of the field.');
});
