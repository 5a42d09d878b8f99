// Makes the tsconfig.json of a check: it extends the site's own, if there is one, and adds the settings that pages and
// the module loader need.

import { dirname, isAbsolute, join, parse, resolve } from 'node:path';
import { linksBelow } from '../page-files.ts';
import { ownPackagePaths } from './own-package.ts';
import type { Mirror } from './project-mirror.ts';

/** The input of the settings. */
export interface SettingsInput {
  /** The path of the site's tsconfig.json; undefined if there is none. */
  readonly user: string | undefined;
  /** The resolved settings of that file, as tsc prints them. */
  readonly shown: unknown;
  readonly root: string;
  /**
   * The folder in the shadow that stands for the root of the disk, because a page may import modules outside of the
   * site.
   */
  readonly shadowRoot: string;
  readonly modules: readonly string[];
  /** The file that declares the types of Node; undefined if they are not installed. */
  readonly nodeTypes: string | undefined;
  /** Whether modules that no page imports are checked. */
  readonly whole: boolean;
  /** The project of copies to check instead of the site's files. */
  readonly mirror?: Mirror | undefined;
}

/**
 * The settings without a tsconfig.json. If Node's types are missing, the types of browsers declare `URL`, `fetch` and
 * `console`.
 */
function defaults(nodeTypes: string | undefined): object {
  const lib = nodeTypes === undefined ? ['es2023', 'dom', 'dom.iterable'] : ['es2023'];
  return { strict: true, target: 'es2023', lib, types: [] };
}

/** Settings that override a tsconfig.json, because they describe how the site's modules run. */
const FIXED = {
  module: 'esnext',
  moduleResolution: 'bundler',
  moduleDetection: 'force',
  customConditions: ['node'],
  allowImportingTsExtensions: true,
  rewriteRelativeImportExtensions: false,
  resolveJsonModule: true,
  allowJs: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  skipLibCheck: true,
  // An error that tells the fields of a schema tells all of them.
  noErrorTruncation: true,
  // Pages read fields and attributes as QUERY.name and s.name.
  noPropertyAccessFromIndexSignature: false,
};

/**
 * Settings that override a tsconfig.json, because nothing is written and the modules of pages lie outside of the
 * project.
 */
const NO_OUTPUT = {
  noEmit: true,
  composite: false,
  incremental: false,
  declaration: false,
  declarationMap: false,
  emitDeclarationOnly: false,
  isolatedDeclarations: false,
  tsBuildInfoFile: null,
  rootDir: null,
  outDir: null,
  declarationDir: null,
  baseUrl: null,
};

/** The content of the tsconfig.json to run tsc with. */
export function settings(input: SettingsInput): object {
  const { user, shown, root, shadowRoot, nodeTypes, mirror } = input;
  const options = objectAt(shown, 'compilerOptions');
  const target = user !== undefined && options.target === undefined ? { target: 'es2023' } : {};
  return {
    ...(user === undefined ? {} : { extends: user }),
    compilerOptions: {
      ...(user === undefined ? defaults(nodeTypes) : target),
      ...FIXED,
      ...NO_OUTPUT,
      rootDirs: mirror === undefined ? [parse(root).root, shadowRoot] : [shadowRoot],
      paths: mirrored(paths(options, user, root), mirror),
    },
    files: [...(nodeTypes === undefined ? [] : [nodeTypes]), ...(mirror?.files ?? ownFiles(input))],
    include: mirror === undefined ? included(input) : [],
    // tsc follows links to folders, even out of the site.
    exclude: [`${root}/**/node_modules`, ...linksBelow(root)],
  };
}

function ownFiles({ modules, shown, user }: SettingsInput): string[] {
  return [...modules, ...ambientFiles(shown, user)];
}

function included({ root, whole }: SettingsInput): string[] {
  return whole ? ['ts', 'mts'].map((ending) => `${root}/**/*.${ending}`) : [`${root}/**/*.d.ts`];
}

/** The paths mapped to the shadow folder of a mirrored project. */
function mirrored(places: Record<string, string[]>, mirror: Mirror | undefined): Record<string, string[]> {
  if (mirror === undefined) return places;
  return Object.fromEntries(
    Object.entries(places).map(([pattern, paths]) => [pattern, paths.map((path) => mirror.pathOf(path))]),
  );
}

/**
 * The names of the site's own package, the `paths` of its tsconfig.json as absolute paths, and `/x` for the site's `x` or else a
 * path of the disk.
 */
function paths(options: object, user: string | undefined, root: string): Record<string, string[]> {
  const result: Record<string, string[]> = {};
  const base = resolve(dirname(user ?? root), String(Reflect.get(options, 'baseUrl') ?? '.'));
  for (const [pattern, places] of Object.entries(objectAt(options, 'paths'))) {
    if (Array.isArray(places))
      result[pattern] = places.map((place) =>
        isAbsolute(String(place)) ? String(place) : join(base, String(place)),
      );
  }
  return { ...ownPackagePaths(root), ...result, '/*': [`${root}/*`, '/*'] };
}

/** Declaration files of the site's tsconfig.json, which may declare global names. Its modules are not checked. */
function ambientFiles(shown: unknown, user: string | undefined): string[] {
  if (user === undefined || typeof shown !== 'object' || shown === null) return [];
  const files: unknown = Reflect.get(shown, 'files');
  if (!Array.isArray(files)) return [];
  return files
    .map(String)
    .filter((file) => file.endsWith('.d.ts'))
    .map((file) => resolve(dirname(user), file));
}

function objectAt(value: unknown, name: string): Record<string, unknown> {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof found === 'object' && found !== null ? { ...found } : {};
}
