// Types of pages and of their modules: every page becomes a typed module, one tsc run checks all, and what it says is
// told of the page's own lines. Pages that do not compile are left to `check.ts`; here they have any type.

import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { Problem } from '../../diagnostics/problem.ts';
import { PageModules } from './page-modules.ts';
import { remedyFor } from './remedies.ts';
import { runTsc, shownConfig, type TscError } from './run-tsc.ts';
import { settings } from './settings.ts';
import { Shadow } from './shadow.ts';
import { findNodeTypes, findTypeScript, type TypeScript } from './typescript.ts';

/** What is checked. */
export interface TypeCheckOptions {
  /** The folder of the site, symbolic links resolved. */
  readonly root: string;
  /** The folder of the configuration: where tsconfig.json and packages are looked for. */
  readonly base_dir: string;
  /** Absolute paths of pages. */
  readonly pages: readonly string[];
  /** Whether these are all, and the modules that no page imports are checked with them. */
  readonly whole: boolean;
}

/** A wrong type. */
export interface TypeMistake {
  /** TypeScript's own code. */
  readonly code: `TS${string}`;
  /** Absolute path of a page or module. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
  readonly remedy: string;
}

/** What came out. */
export interface TypeCheck {
  /** TypeScript's. */
  readonly version: string;
  readonly mistakes: readonly TypeMistake[];
}

/**
 * Checks types; undefined when there is no TypeScript to do it with.
 * @throws Problem `typescript-version`, `types-configuration`, `types-failed`
 */
export async function checkTypes(options: TypeCheckOptions): Promise<TypeCheck | undefined> {
  const typescript = findTypeScript(options.base_dir);
  if (typescript === undefined) return undefined;
  if (options.pages.length === 0) return { version: typescript.version, mistakes: [] };
  const shadow = new Shadow();
  try {
    const modules = new PageModules(options.root, shadow);
    modules.write(options.pages);
    const content = await projectSettings(options, typescript, shadow, modules);
    const project = shadow.writeSettings(options.base_dir, content);
    const errors = await runTsc(typescript, project, shadow.folder);
    refuseConfigurationErrors(errors, options.root, modules);
    const chosen = new Set(options.pages);
    return { version: typescript.version, mistakes: mistakesOf(errors, modules, chosen) };
  } finally {
    shadow.remove();
  }
}

function userConfig(base_dir: string): string | undefined {
  const file = join(base_dir, 'tsconfig.json');
  return existsSync(file) ? file : undefined;
}

async function projectSettings(
  { root, base_dir, whole }: TypeCheckOptions,
  typescript: TypeScript,
  shadow: Shadow,
  modules: PageModules,
): Promise<object> {
  const user = userConfig(base_dir);
  return settings({
    user,
    shown: user === undefined ? undefined : await shownConfig(typescript, user, base_dir),
    root,
    shadowRoot: shadow.pathOf(root),
    modules: modules.files,
    nodeTypes: findNodeTypes(base_dir),
    whole,
  });
}

/** An error without a place, or in a tsconfig.json, keeps tsc from checking anything else. */
function refuseConfigurationErrors(errors: readonly TscError[], root: string, modules: PageModules): void {
  const wrong = errors.find(({ file }) => file === undefined || isConfiguration(file, root));
  if (wrong === undefined) return;
  const { code, text, file, line, column } = wrong;
  const place = file === undefined || modules.has(file) || !existsSync(file) ? {} : { file, line, column };
  throw new Problem('types-configuration', { ...place, holes: { reason: `${code}: ${text}` } });
}

function isConfiguration(file: string, root: string): boolean {
  return file.endsWith('.json') && !file.startsWith(root + sep);
}

/** The errors of the chosen pages and of the modules of the site, in the order of tsc, each once. */
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
  const place = modules.placeOf(file, line, column);
  if (place === undefined || !chosen.has(place.file)) return undefined;
  return { code, ...place, ...remedyFor(error) };
}
