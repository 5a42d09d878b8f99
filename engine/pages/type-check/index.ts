// Checks the types of pages and of their modules. Every page becomes a typed module, one run of tsc checks all, and its
// errors are mapped to the lines of the page. Pages that do not compile are reported by page-check.ts; here they have
// the type any.

import { existsSync } from 'node:fs';
import { join, parse, sep } from 'node:path';
import { Problem } from '../../diagnostics/problem.ts';
import type { FileUsers } from '../index.ts';
import { usersIn } from './file-users.ts';
import { findNodeTypes, findTypeScript, type TypeScript } from './installed-typescript.ts';
import { errorsBeside, type Mirror } from './project-mirror.ts';
import { isSyntaxError, runTsc, shownConfig, type TscError } from './run-tsc.ts';
import { Shadow } from './shadow-folder.ts';
import { type SchemaOfCall, type ToldError, toldSchemas } from './told-schemas.ts';
import { type SettingsInput, settings } from './tsc-settings.ts';
import { remedyFor } from './type-error-remedies.ts';
import type { TypedDrafts } from './typed-drafts.ts';
import { PageModules } from './typed-modules.ts';

/** The site and the pages to check. */
export interface TypeCheckOptions {
  /** The folder of the site, with symbolic links resolved. */
  readonly root: string;
  /** The folder of the configuration, in which tsconfig.json and packages are looked for. */
  readonly base_dir: string;
  /** Absolute paths of pages. */
  readonly pages: readonly string[];
  /** Whether these are all pages of the site. If so, modules that no page imports are checked, too. */
  readonly whole: boolean;
  /** The files that depend on others; by default they are looked for when a page uses LOCALS. */
  readonly users?: () => FileUsers;
  /** Absolute paths of the error pages. */
  readonly error_pages?: readonly string[];
  /** Drafts of pages that have been parsed already. */
  readonly drafts?: TypedDrafts;
  /** Called when tsc runs, for work of this process in the meantime. */
  readonly meanwhile?: () => void;
}

/** A type error. */
export interface TypeMistake {
  /** The code of TypeScript. */
  readonly code: `TS${string}`;
  /** Absolute path of a page or module. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
  readonly remedy: string;
}

/** The result of a type check. */
export interface TypeCheck {
  /** The version of TypeScript. */
  readonly version: string;
  readonly mistakes: readonly TypeMistake[];
  /** The error in tsconfig.json, because of which types were checked without it. */
  readonly configuration: Problem | undefined;
  /** The fields of the schemas that pages give to Form. */
  readonly schemas: SchemaOfCall;
}

/**
 * Checks types. Resolves to undefined if TypeScript is not installed.
 * @throws (rejects with) Problem `typescript-version`, `types-configuration`, `types-failed`
 */
export async function checkTypes(options: TypeCheckOptions): Promise<TypeCheck | undefined> {
  const typescript = findTypeScript(options.base_dir);
  if (typescript === undefined) return undefined;
  const { version } = typescript;
  if (options.pages.length === 0)
    return { version, mistakes: [], configuration: undefined, schemas: toldSchemas([]) };
  const shadow = new Shadow();
  try {
    const { root, error_pages = [] } = options;
    let known: FileUsers | undefined;
    const users = () => {
      known ??= options.users?.() ?? usersIn(root);
      return known;
    };
    const modules = new PageModules({ root, users, error_pages }, shadow, options.drafts);
    modules.write(options.pages);
    const checking = { options, typescript, shadow, modules };
    const { errors, configuration } = await errorsOf(checking, userConfig(options.base_dir));
    const [told, others] = partedErrors(errors, modules);
    const mistakes = mistakesOf(others, modules, new Set(options.pages));
    return { version, mistakes, configuration, schemas: toldSchemas(told) };
  } finally {
    shadow.remove();
  }
}

/** The errors that tell fields, and the mistakes. */
function partedErrors(
  errors: readonly TscError[],
  modules: PageModules,
): [told: ToldError[], others: TscError[]] {
  const told: ToldError[] = [];
  const others: TscError[] = [];
  for (const error of errors) {
    const page = error.file && modules.pageOfTeller(error.file, error.line);
    if (page) told.push({ page, text: error.text });
    else others.push(error);
  }
  return [told, others];
}

function userConfig(base_dir: string): string | undefined {
  const file = join(base_dir, 'tsconfig.json');
  return existsSync(file) ? file : undefined;
}

/** The state of a running check. */
interface Checking {
  readonly options: TypeCheckOptions;
  readonly typescript: TypeScript;
  readonly shadow: Shadow;
  readonly modules: PageModules;
}

/** All errors. If tsc stops at an error of its settings or of syntax, it is run again without the cause. */
async function errorsOf(
  checking: Checking,
  user: string | undefined,
): Promise<{ readonly errors: readonly TscError[]; readonly configuration: Problem | undefined }> {
  const { options, typescript, shadow, modules } = checking;
  const { base_dir, root } = options;
  const shown = user === undefined ? undefined : await shownConfig(typescript, user, base_dir);
  const rewrite = (mirror?: Mirror) =>
    shadow.writeSettings(base_dir, projectSettings(checking, { user, shown, mirror }));
  const project = rewrite();
  const running = runTsc(typescript, project, shadow.folder);
  options.meanwhile?.();
  const errors = await running;
  const configuration = configurationError(errors, root, modules);
  if (configuration !== undefined) {
    if (user === undefined) throw configuration;
    return { ...(await errorsOf(checking, undefined)), configuration };
  }
  if (errors.length === 0 || !errors.every(isSyntaxError)) return { errors, configuration };
  for (const { file } of errors) if (file !== undefined && modules.has(file)) modules.leaveOut(file);
  const more = await errorsBeside(errors, { typescript, shadow, project, rewrite });
  return { errors: [...errors, ...more], configuration };
}

function projectSettings(
  { options: { root, base_dir, whole }, shadow, modules }: Checking,
  settled: Pick<SettingsInput, 'user' | 'shown' | 'mirror'>,
): object {
  return settings({
    ...settled,
    root,
    shadowRoot: shadow.pathOf(parse(root).root),
    modules: modules.files,
    nodeTypes: findNodeTypes(base_dir),
    whole,
  });
}

/** An error of the configuration: it has no position or lies in a tsconfig.json, and tsc checks nothing else. */
function configurationError(
  errors: readonly TscError[],
  root: string,
  modules: PageModules,
): Problem | undefined {
  const wrong = errors.find(({ file }) => file === undefined || isConfiguration(file, root));
  if (wrong === undefined) return undefined;
  const { code, text, file, line, column } = wrong;
  const place = file === undefined || modules.has(file) || !existsSync(file) ? {} : { file, line, column };
  return new Problem('types-configuration', { ...place, params: { reason: `${code}: ${text}` } });
}

function isConfiguration(file: string, root: string): boolean {
  return file.endsWith('.json') && !file.startsWith(root + sep);
}

/** The errors of the chosen pages and of the site's modules, in the order of tsc, each once. */
function mistakesOf(
  errors: readonly TscError[],
  modules: PageModules,
  chosen: ReadonlySet<string>,
): TypeMistake[] {
  const found = new Map<string, TypeMistake>();
  for (const error of errors) {
    const mistake = mistakeOf(error, modules, chosen);
    if (mistake !== undefined)
      found.set(`${mistake.code} ${mistake.file}:${mistake.line}:${mistake.column}`, mistake);
  }
  return [...found.values()];
}

function mistakeOf(
  error: TscError,
  modules: PageModules,
  chosen: ReadonlySet<string>,
): TypeMistake | undefined {
  const { code, file = '', line, column } = error;
  if (!modules.has(file)) {
    if (file.split(sep).includes('node_modules')) return undefined;
    return { code, file, line, column, ...remedyFor(error) };
  }
  // A page may end in a return or a redirect; the declarations after it are then unreachable, which is no error.
  if (code === 'TS7027' && modules.isBehindPage(file, line)) return undefined;
  const place = modules.placeOf(file, line, column);
  if (place === undefined || !chosen.has(place.file)) return undefined;
  return { code, ...place, ...remedyFor(error) };
}
