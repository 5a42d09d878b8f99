// What stands behind a page in its typed module: declarations of the names that it uses, and what other pages ask of it.
// How the names are typed is in runtime/page-name-types.ts.

import type { PageNameFacts } from '../3-analyse/page-facts.ts';
import { PAGE_NAME_TABLE, PAGE_NAMES, type TypeContext } from '../page-name-table.ts';
import type { Use } from '../scopes.ts';

/** What a typed module refers to. */
export interface TypedPlace {
  /** The module that declares the names of pages. */
  readonly names: string;
  /** The bracketed names in the page's path. */
  readonly params: readonly string[];
  /** The typed module of a page that this one names; undefined when there is no such page. */
  readonly moduleOf: (path: string) => string | undefined;
}

/** What is known of the page. */
export interface Declared {
  /** The name that the module has for runtime/page-name-types.ts. */
  readonly kit: string;
  readonly free: PageNameFacts['free'];
  readonly facts: PageNameFacts['facts'];
  /** Whether the page declares a type Args. */
  readonly hasArgs: boolean;
  /** Whether the page's own lines call something of the kit. */
  readonly usesKit: boolean;
  readonly place: TypedPlace;
}

/** The lines behind the page. */
export function declarations(declared: Declared): string[] {
  const { free, facts, hasArgs, kit, place } = declared;
  const used = PAGE_NAMES.filter((name) => free.has(name));
  const page = typeContext(declared);
  const own = used.flatMap((name) => {
    const { type } = PAGE_NAME_TABLE[name];
    return type === 'declared' ? [] : [`declare const ${name}: ${type(page)};`];
  });
  const imported = used.filter((name) => PAGE_NAME_TABLE[name].type === 'declared');
  const from = `from ${JSON.stringify(place.names)};`;
  const needsKit = declared.usesKit || own.some((line) => line.includes(`${kit}.`));
  return [
    ...(imported.length === 0 ? [] : [`import { ${imported.join(', ')} } ${from}`]),
    ...(needsKit ? [`import * as ${kit} ${from}`] : []),
    ...own,
    ...facts.fields.map((field) => fieldLine(field, free.get(`_${field}`) ?? [])),
    hasArgs ? 'export type { Args as $Args };' : `export type { Untyped as $Args } ${from}`,
    `export type $Result = ${resultType(declared)};`,
  ];
}

function typeContext(declared: Declared): TypeContext {
  const { kit, hasArgs, place } = declared;
  return { kit, hasArgs, params: place.params, namedPages: (name) => namedPages(name, declared) };
}

/** The pages that this one names in so many words, by their paths. */
function namedPages(name: 'Include' | 'Layout', { facts, place }: Declared): string {
  const named = name === 'Include' ? facts.includes : facts.layouts;
  const rows = [...new Set(named.map(({ path }) => path))].flatMap((path) => {
    const module = place.moduleOf(path);
    if (module === undefined) return [];
    const from = `import(${JSON.stringify(module)})`;
    return [`${JSON.stringify(path)}: { args: ${from}.$Args; result: ${from}.$Result }`];
  });
  return `{ ${rows.join('; ')} }`;
}

/** Fields are variables of the page: one that is never assigned is narrowed in callbacks too. */
function fieldLine(field: string, uses: readonly Use[]): string {
  const kind = uses.some(({ assigned }) => assigned) ? 'let' : 'const';
  return `declare ${kind} _${field}: string | undefined;`;
}

/** What running the page gives; with a Layout that depends on the layout too. */
function resultType({ free, facts }: Declared): string {
  if (facts.async) return 'Promise<void>';
  return free.has('Layout') ? 'void | Promise<void>' : 'void';
}

/** The module that stands for a page which does not compile, so that only its own error is reported. */
export function untypedPage(names: string): string {
  return `export type { Untyped as $Args, Untyped as $Result } from ${JSON.stringify(names)};\n`;
}
