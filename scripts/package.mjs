// Writes the package that is published into dist/package/ (or the folder that is named): the compiled code in few files, its
// types in one file an entry, the templates, the schema, the extension for VS Code, and a package.json without what only the
// repository needs.
// `npm run package` builds all of that before.

import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'acorn';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

const root = fileURLToPath(new URL('../', import.meta.url));
const target = resolve(process.argv[2] ?? join(root, 'dist/package'));
const engine = join(root, 'dist/engine');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Files and folders of the package as they are in the repository; all documents, so that their links lead somewhere. */
const REPOSITORY_FILES = [
  ...documentsIn('.'),
  ...documentsIn('docs'),
  'LICENSE',
  'templates',
  'config/config.schema.json',
  'editors/karrigell-pages.vsix',
];

/** The sources of the modules that programs import, by the names in `exports`. */
const PUBLIC = { index: sourceOf(manifest.exports['.']), test: sourceOf(manifest.exports['./test']) };
/** The declarations that typed pages import by their path. */
const PAGE_NAMES = compiledFile('page-name-types.js');

/** Programs and files that are opened by their path and not by an import: the command, the editor's part, threads. */
const entries = {
  ...PUBLIC,
  cli: join(root, manifest.bin.karrigell),
  editor: compiledFile('editor.js'),
  ...Object.fromEntries(compiledFiles(/-thread\.js$/).map((file) => [basename(file, '.js'), file])),
};

rmSync(target, { recursive: true, force: true });
await bundleCode();
await bundleTypes();
for (const name of REPOSITORY_FILES) cpSync(join(root, name), join(target, name), { recursive: true });
writeFileSync(join(target, 'package.json'), `${JSON.stringify(publishedManifest(), null, 2)}\n`);

function documentsIn(folder) {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith('.md'));
  return names.map((name) => join(folder, name));
}

/** All code of one folder, so that a path relative to a module (`./json-thread.js`) is right in every file. */
async function bundleCode() {
  const bundle = await rollup({
    input: entries,
    external: /^[^./]/,
    plugins: [{ name: 'with-maps', load: loadWithMap }],
    onwarn: refuse,
  });
  await bundle.write({
    dir: join(target, 'dist'),
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    sourcemap: true,
    sourcemapExcludeSources: true,
    hoistTransitiveImports: false,
  });
  await bundle.close();
}

/** A compiled file without its comments, and its map, so that the bundle's maps lead to the TypeScript sources. */
function loadWithMap(file) {
  const code = withoutComments(readFileSync(file, 'utf8'));
  return { code, map: JSON.parse(readFileSync(`${file}.map`, 'utf8')) };
}

/** Removes comments that end their line. Line ends stay, and so does the position of all code. */
function withoutComments(code) {
  const comments = [];
  parse(code, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true, onComment: comments });
  let kept = '';
  let end = 0;
  for (const comment of comments) {
    const endsLine = /^[ \t]*(?:\n|$)/.test(code.slice(comment.end));
    if (!endsLine || code.startsWith('#!', comment.start)) continue;
    const text = code.slice(comment.start, comment.end);
    kept += code.slice(end, comment.start).replace(/[ \t]+$/, '') + text.replace(/[^\n]/g, '');
    end = comment.end;
  }
  return kept + code.slice(end);
}

/** One declaration file an entry; an entry that another one imports stays an import. */
async function bundleTypes() {
  const entriesOfTypes = { 'page-name-types': PAGE_NAMES, ...PUBLIC };
  const names = new Map(Object.entries(entriesOfTypes).map(([name, file]) => [declarationFile(file), name]));
  const resolveId = (id, importer) => {
    if (!importer || !/^[./]/.test(id)) return null;
    const file = declarationFile(resolve(dirname(importer), id));
    return names.has(file) ? { id: file, external: 'absolute' } : file;
  };
  for (const [file, name] of names) {
    const bundle = await rollup({
      input: { [name]: file },
      external: /^[^./]/,
      plugins: [{ name: 'declarations', resolveId }, dts()],
      onwarn: refuse,
    });
    const paths = (id) => (names.has(id) ? `./${names.get(id)}.js` : id);
    await bundle.write({ dir: join(target, 'dist'), entryFileNames: '[name].d.ts', paths });
    await bundle.close();
  }
}

/** The declaration file of a compiled or a source file. */
function declarationFile(file) {
  return file.replace(/(?:\.d)?\.(?:ts|js)$/, '.d.ts');
}

function publishedManifest() {
  const { private: _, scripts, devDependencies, ava, files, bin, exports, ...published } = manifest;
  const entry = (name) => ({ types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` });
  return {
    ...published,
    bin: { karrigell: 'dist/cli.js' },
    exports: { ...exports, '.': entry('index'), './test': entry('test') },
  };
}

function sourceOf({ default: path }) {
  return join(root, path);
}

function compiledFiles(name) {
  const files = readdirSync(engine, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => name.test(file)).map((file) => join(engine, file));
}

/** The one compiled file of this name: folders are renamed more often. */
function compiledFile(name) {
  const found = compiledFiles(new RegExp(`(?:^|[\\\\/])${name.replaceAll('.', '\\.')}$`));
  if (found.length !== 1) throw new Error(`${found.length} files in dist/engine are called ${name}`);
  return found[0];
}

function refuse(warning) {
  throw new Error(warning.message);
}
