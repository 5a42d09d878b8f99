// Loads packages and Node's built-in modules with Node's own loader, as for the file that imports them.

import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import vm from 'node:vm';
import { Problem } from '../../diagnostics/problem.ts';
import { isError } from '../../diagnostics/thrown.ts';
import { type ImportReference, importPlace, specifierIn } from './module-resolution.ts';

/** The exports of a module. */
export type Namespace = Readonly<Record<string, unknown>>;

type Importer = (specifier: string) => Promise<Namespace>;

/** The packages that a site has imported. Node keeps one instance of each for the whole process. */
export class ExternalModules {
  readonly #importers = new Map<string, Importer>();
  readonly #loaded = new Map<string, Namespace>();

  /** The namespace of a package that has been loaded. */
  get(specifier: string, importer: string): Namespace | undefined {
    return this.#loaded.get(keyOf(specifier, importer));
  }

  /** @throws (rejects with) Problem `package-missing` or `import-failed`, or the error that the package throws */
  async load(wanted: ImportReference, specifier: string, importer: string): Promise<Namespace> {
    try {
      const namespace = await withoutLoaderWarning(() => this.#importerFor(importer)(specifier));
      this.#loaded.set(keyOf(specifier, importer), namespace);
      return namespace;
    } catch (error) {
      throw problemOf(error, wanted, specifier, importer);
    }
  }

  /**
   * An `import()` that resolves as code in the importer's folder: with the `import` condition, from its node_modules.
   */
  #importerFor(importer: string): Importer {
    const folder = dirname(importer);
    const known = this.#importers.get(folder);
    if (known !== undefined) return known;
    const script = new vm.Script('(specifier) => import(specifier)', {
      filename: importer,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    const made: Importer = script.runInThisContext();
    this.#importers.set(folder, made);
    return made;
  }
}

/**
 * Calls a function without Node's warning that this way of importing is experimental, because the operator of a site
 * cannot act on it. Node emits it synchronously during the call of `import()`; all other warnings pass.
 */
function withoutLoaderWarning<T>(call: () => T): T {
  const emit = process.emitWarning;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).includes('USE_MAIN_CONTEXT_DEFAULT_LOADER'))
      Reflect.apply(emit, process, [warning, ...rest]);
  };
  try {
    return call();
  } finally {
    process.emitWarning = emit;
  }
}

/** An error if a package is not installed; the package is not loaded. */
export function missingPackage(
  wanted: ImportReference,
  specifier: string,
  importer: string,
): Problem | undefined {
  if (isBuiltin(specifier) || !isPackage(specifier)) return undefined;
  for (let folder = dirname(importer); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'node_modules', packageOf(specifier)))) return undefined;
    if (nameOfPackageIn(folder) === packageOf(specifier)) return undefined;
    if (folder === dirname(folder)) return packageMissing(wanted, specifier, importer);
  }
}

/** The name in the package.json of a folder, because a package may import itself by its name. */
function nameOfPackageIn(folder: string): unknown {
  try {
    const content: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return typeof content === 'object' && content !== null && 'name' in content ? content.name : undefined;
  } catch {
    return undefined;
  }
}

function keyOf(specifier: string, importer: string): string {
  return `${dirname(importer)}\0${specifier}`;
}

function isPackage(specifier: string): boolean {
  return /^(?:@[^/:]+\/)?[^#/:.][^/:]*(?:\/|$)/.test(specifier);
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function packageMissing(
  wanted: ImportReference,
  specifier: string,
  importer: string,
  cause?: unknown,
): Problem {
  const params = { name: packageOf(specifier) };
  return new Problem('package-missing', {
    ...importPlace(wanted, importer),
    params,
    value: specifier,
    cause,
  });
}

/**
 * Turns errors of Node's loader about this import into a Problem. An error that the package throws is returned
 * unchanged.
 */
function problemOf(error: unknown, wanted: ImportReference, specifier: string, importer: string): unknown {
  if (!(isError(error) && 'code' in error && typeof error.code === 'string')) return error;
  if (
    error.code === 'ERR_MODULE_NOT_FOUND' &&
    error.message.includes(`Cannot find package '${packageOf(specifier)}'`)
  ) {
    return packageMissing(wanted, specifier, importer, error);
  }
  if (!LOADER_CODES.has(error.code)) return error;
  const params = { specifier: specifierIn(wanted), reason: error.message };
  return new Problem('import-failed', { ...importPlace(wanted, importer), params, cause: error });
}

const LOADER_CODES: ReadonlySet<string> = new Set([
  'ERR_INVALID_MODULE_SPECIFIER',
  'ERR_INVALID_PACKAGE_TARGET',
  'ERR_MODULE_NOT_FOUND',
  'ERR_PACKAGE_IMPORT_NOT_DEFINED',
  'ERR_PACKAGE_PATH_NOT_EXPORTED',
  'ERR_UNKNOWN_BUILTIN_MODULE',
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_UNSUPPORTED_DIR_IMPORT',
  'ERR_UNSUPPORTED_ESM_URL_SCHEME',
]);
