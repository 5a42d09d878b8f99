// Packages and Node's own modules: Node loads them, as it would for the file that imports them.

import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import vm from 'node:vm';
import { Problem } from '../../diagnostics/problem.ts';
import { isError } from '../../diagnostics/thrown.ts';
import { type ImportReference, importPlace, specifierIn } from './module-resolution.ts';

/** What a module exports. */
export type Namespace = Readonly<Record<string, unknown>>;

type Importer = (specifier: string) => Promise<Namespace>;

/** The packages that a site has imported; Node keeps one instance of each, whoever asks. */
export class ExternalModules {
  readonly #importers = new Map<string, Importer>();
  readonly #loaded = new Map<string, Namespace>();

  /** The module, if it is there already. */
  get(specifier: string, importer: string): Namespace | undefined {
    return this.#loaded.get(keyOf(specifier, importer));
  }

  /** @throws Problem `package-missing` or `import-failed`; or what the package throws while it runs */
  async load(wanted: ImportReference, specifier: string, importer: string): Promise<Namespace> {
    try {
      const namespace = await withoutLoaderWarning(() => this.#importerFor(importer)(specifier));
      this.#loaded.set(keyOf(specifier, importer), namespace);
      return namespace;
    } catch (error) {
      throw problemOf(error, wanted, specifier, importer);
    }
  }

  /** `import()` as code of the importer's folder has it: with the `import` condition, from its node_modules. */
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
 * Node warns once that this way of importing is experimental, which nobody who runs a site can do anything about. The
 * warning comes while `import()` is being called; all others pass.
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

/** Looks for a package without loading it. */
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

/** A package may import itself by its name. */
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

/** Only what Node's loader says of this very import is a Problem; what a package throws is its own error. */
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
