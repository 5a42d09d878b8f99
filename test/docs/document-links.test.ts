// Links of the documents lead to files and headings that are there, and README leads to every page of docs/.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { deadLinksIn, linksOf } from './document-links.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const documents = ['.', 'docs', 'editors/vscode'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(root, folder, name)),
);

test('every link of a document leads to a file and a heading', (t) => {
  t.true(documents.length > 10);
  t.deepEqual(deadLinksIn(root, documents), []);
});

test('README leads to every page of docs/', (t) => {
  const linked = linksOf(join(root, 'README.md')).map((target) => target.replace(/#.*$/, ''));
  const pages = documents.map((document) => relative(root, document)).filter((path) => /^docs\b/.test(path));
  t.deepEqual(
    pages.filter((page) => !linked.includes(page.replaceAll('\\', '/'))),
    [],
  );
});

/** Names of documents in the comments of a source, such as `docs/stores.md` or `README.md, *The command line*`. */
function documentsNamedIn(source: string): { document: string; heading: string | undefined }[] {
  const joined = source.replace(/\n\s*(?:\/\/|\*) /g, ' ');
  return [...joined.matchAll(/\b((?:docs\/)?[\w-]+\.md)\b(?:, \*([^*]+)\*)?/g)].map(
    ([, document = '', heading]) => ({ document, heading }),
  );
}

function isThere({ document, heading }: { document: string; heading: string | undefined }): boolean {
  const file = join(root, document);
  if (!existsSync(file)) return false;
  return heading === undefined || new RegExp(`^#+ ${heading}`, 'm').test(readFileSync(file, 'utf8'));
}

test('every document that a comment of engine/ or config/ names is there, with its heading', (t) => {
  const sources = ['engine', 'config'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  const named = sources.flatMap((source) =>
    documentsNamedIn(readFileSync(join(root, source), 'utf8')).map((name) => ({ source, ...name })),
  );
  t.true(named.length > 80);
  t.deepEqual(
    named.filter((name) => !isThere(name)),
    [],
  );
});

test('every source file that ARCHITECTURE and CONTRIBUTING name is there', (t) => {
  const files = ['engine', 'config', 'test', 'bench', 'docs', 'scripts'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      `/${folder}/${name}`.replaceAll('\\', '/'),
    ),
  );
  const named = ['ARCHITECTURE.md', 'CONTRIBUTING.md'].flatMap((document) =>
    [...readFileSync(join(root, document), 'utf8').matchAll(/`([\w./-]+\.ts)`/g)].map(
      ([, name = '']) => name,
    ),
  );
  t.true(named.length > 40);
  t.deepEqual(
    named.filter((name) => !files.some((file) => file.endsWith(`/${name}`))),
    [],
  );
});
