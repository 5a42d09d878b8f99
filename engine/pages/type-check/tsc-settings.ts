// The tsconfig.json of a check: the site's own where there is one, and what pages and our module runner need over it.

import { dirname, isAbsolute, join, parse, resolve } from 'node:path';
import { linksBelow } from '../page-files.ts';
import type { Mirror } from './project-mirror.ts';

/** What the settings are made of. */
export interface SettingsInput {
  /** The site's tsconfig.json; undefined without one. */
  readonly user: string | undefined;
  /** What tsc says that it amounts to. */
  readonly shown: unknown;
  readonly root: string;
  /** The folder of the shadow that stands for the disk: a page may import modules that lie beside the site. */
  readonly shadowRoot: string;
  readonly modules: readonly string[];
  /** The file that declares Node's names. */
  readonly nodeTypes: string | undefined;
  /** Whether the site's modules are checked that no page imports. */
  readonly whole: boolean;
  /** Copies that are checked instead of the site's files and modules. */
  readonly mirror?: Mirror | undefined;
}

/** Without a tsconfig.json. Where Node's types are missing, the browser's stand in for `URL`, `fetch` and `console`. */
function defaults(nodeTypes: string | undefined): object {
  const lib = nodeTypes === undefined ? ['es2023', 'dom', 'dom.iterable'] : ['es2023'];
  return { strict: true, target: 'es2023', lib, types: [] };
}

/** What holds whatever a tsconfig.json says, because the site's modules are run so. */
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
  // QUERY.name and s.name are how pages read fields and attributes.
  noPropertyAccessFromIndexSignature: false,
};

/** Nothing is written, and pages stand outside of the project. */
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

/** The contents of the tsconfig.json to run tsc with. */
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
    // tsc follows links to folders, also those that lead out of the site.
    exclude: [`${root}/**/node_modules`, ...linksBelow(root)],
  };
}

function ownFiles({ modules, shown, user }: SettingsInput): string[] {
  return [...modules, ...ambientFiles(shown, user)];
}

function included({ root, whole }: SettingsInput): string[] {
  return whole ? ['ts', 'mts'].map((ending) => `${root}/**/*.${ending}`) : [`${root}/**/*.d.ts`];
}

/** The same places in the shadow. */
function mirrored(places: Record<string, string[]>, mirror: Mirror | undefined): Record<string, string[]> {
  if (mirror === undefined) return places;
  return Object.fromEntries(
    Object.entries(places).map(([pattern, paths]) => [pattern, paths.map((path) => mirror.pathOf(path))]),
  );
}

/** The user's own, seen from their tsconfig.json; and `/x`, which is the site's `x`, or else a path of the disk. */
function paths(options: object, user: string | undefined, root: string): Record<string, string[]> {
  const result: Record<string, string[]> = {};
  const base = resolve(dirname(user ?? root), String(Reflect.get(options, 'baseUrl') ?? '.'));
  for (const [pattern, places] of Object.entries(objectAt(options, 'paths'))) {
    if (Array.isArray(places))
      result[pattern] = places.map((place) =>
        isAbsolute(String(place)) ? String(place) : join(base, String(place)),
      );
  }
  return { ...result, '/*': [`${root}/*`, '/*'] };
}

/** Files of the user's project that may declare names for everybody; its modules are no matter of the site. */
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
