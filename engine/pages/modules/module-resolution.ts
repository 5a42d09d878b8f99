// Resolves an import to a file of the site, or to a package that Node loads.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ImportFact } from '../../compiler/facts.ts';
import { Problem } from '../../diagnostics/problem.ts';
import type { Sources } from '../sources.ts';

/** The target of an import. */
export type ImportTarget =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'external'; readonly specifier: string };

/** An import: its specifier, with its position in the importing file where it is known. */
export type ImportReference = string | ImportFact;

const MODULE_ENDINGS: ReadonlySet<string> = new Set(['.ts', '.mts', '.js', '.mjs', '.json']);

/** Whether the extension of a file is that of a module of the site. */
export function isModuleName(file: string): boolean {
  return MODULE_ENDINGS.has(extname(file));
}

/** Extensions that are tried for a suggestion in the error. */
const GUESSES = ['.ts', '.js', '.mts', '.mjs', '.json', '/index.ts', '/index.js'];

/**
 * The target of an import: relative to the importer, below root_dir with a leading `/`, otherwise a package. A file is
 * named by its real path, so that a file reached by two paths runs once.
 * @throws Problem `module-missing` or `module-kind`
 */
export function importTarget(wanted: ImportReference, importer: string, sources: Sources): ImportTarget {
  const { root } = sources;
  const specifier = specifierIn(wanted);
  const path = importedPath(specifier, importer, root);
  if (path === undefined) return { kind: 'external', specifier };
  const file = sources.stamp(path) === '' ? undefined : sources.realPath(path);
  if (file === undefined) throw missing(wanted, path, importer);
  if (isOfPackage(file, root) || extname(file) === '.cjs')
    return { kind: 'external', specifier: pathToFileURL(file).href };
  if (!isModuleName(file))
    throw new Problem('module-kind', { ...importPlace(wanted, importer), params: { specifier } });
  return { kind: 'file', file };
}

/**
 * The file that an entry of `imports` in package.json names, as Node resolves it. Undefined for a package and for an
 * entry that Node cannot resolve; Node reports it when it loads it.
 */
function packageImport(specifier: string, importer: string): string | undefined {
  try {
    const found = createRequire(importer).resolve(specifier);
    return isAbsolute(found) && isModuleName(found) && !isOfPackage(found, '/') ? found : undefined;
  } catch {
    return undefined;
  }
}

/** The specifier of an import. */
export function specifierIn(wanted: ImportReference): string {
  return typeof wanted === 'string' ? wanted : wanted.specifier;
}

/** The position of a Problem about an import. */
export function importPlace(
  wanted: ImportReference,
  importer: string,
): { file: string; line?: number; column?: number } {
  return typeof wanted === 'string'
    ? { file: importer }
    : { file: importer, line: wanted.line, column: wanted.column };
}

/** The absolute path that an import names, directly or through `imports` in package.json; undefined for a package. */
export function importedPath(specifier: string, importer: string, root: string): string | undefined {
  if (specifier.startsWith('#')) return packageImport(specifier, importer);
  if (!isPath(specifier)) return undefined;
  return specifier.startsWith('/') ? join(root, specifier) : resolve(dirname(importer), specifier);
}

/** Whether a specifier is a path and not the name of a package. */
function isPath(specifier: string): boolean {
  return /^(?:\.{0,2}\/|\.{1,2}$)/.test(specifier);
}

/**
 * Whether a file belongs to a package. Inside root_dir only the folders below it count, because the whole site may lie
 * in a node_modules folder.
 */
function isOfPackage(file: string, root: string): boolean {
  const below = relative(root, file);
  return (below.startsWith('..') ? file : below).split(sep).includes('node_modules');
}

function missing(wanted: ImportReference, path: string, importer: string): Problem {
  const specifier = specifierIn(wanted);
  const base = path.slice(0, path.length - extname(path).length);
  const ending = [path, base]
    .flatMap((start) => GUESSES.map((guess) => start + guess))
    .find((guess) => existsSync(guess));
  const advice =
    ending === undefined
      ? 'Paths are relative to the file that imports; a leading / is root_dir.'
      : `Write the whole name: '${guessedSpecifier(specifier, path, ending)}'.`;
  return new Problem('module-missing', {
    ...importPlace(wanted, importer),
    params: { specifier, advice },
    value: specifier,
  });
}

function guessedSpecifier(specifier: string, path: string, guess: string): string {
  const parent = specifier.slice(0, specifier.lastIndexOf('/') + 1);
  return parent + relative(dirname(path), guess).split(sep).join('/');
}
