// The lines behind a page in its typed module: declarations of the page names that it uses, and exports for the modules
// of pages that name this one. runtime/page-name-types.ts has the types of the names.

import type { PageNameFacts } from '../3-analyse/page-facts.ts';
import { PAGE_NAME_TABLE, PAGE_NAMES, type TypeContext } from '../page-name-table.ts';
import type { Use } from '../scopes.ts';

/** The surroundings of a typed module: paths of other modules, and the page's own path. */
export interface TypedModuleSite {
  /** The path of runtime/page-name-types.ts. */
  readonly names: string;
  /** The bracketed names in the page's path. */
  readonly params: readonly string[];
  /** The typed module of a page that this one names; undefined if there is no such page. */
  readonly moduleOf: (path: string) => string | undefined;
}

/** The facts of a page that its declarations depend on. */
export interface DeclaredPage {
  /** The name under which the module imports runtime/page-name-types.ts. */
  readonly kit: string;
  readonly free: PageNameFacts['free'];
  readonly facts: PageNameFacts['facts'];
  /** Whether the page declares a type Args. */
  readonly hasArgs: boolean;
  /** Whether the lines of the page call functions of `kit`. */
  readonly usesKit: boolean;
  readonly site: TypedModuleSite;
}

/** The lines behind the page. */
export function declarations(page: DeclaredPage): string[] {
  const { free, facts, hasArgs, kit, site } = page;
  const used = PAGE_NAMES.filter((name) => free.has(name));
  const context = typeContext(page);
  const computed = used.flatMap((name) => {
    const { type } = PAGE_NAME_TABLE[name];
    return type === 'declared' ? [] : [`declare const ${name}: ${type(context)};`];
  });
  const imported = used.filter((name) => PAGE_NAME_TABLE[name].type === 'declared');
  const from = `from ${JSON.stringify(site.names)};`;
  const needsKit = page.usesKit || computed.some((line) => line.includes(`${kit}.`));
  return [
    ...(imported.length === 0 ? [] : [`import { ${imported.join(', ')} } ${from}`]),
    ...(needsKit ? [`import * as ${kit} ${from}`] : []),
    ...computed,
    ...facts.fields.map((field) => fieldLine(field, free.get(`_${field}`) ?? [])),
    hasArgs ? 'export type { Args as $Args };' : `export type { Untyped as $Args } ${from}`,
    `export type $Result = ${resultType(page)};`,
  ];
}

function typeContext(page: DeclaredPage): TypeContext {
  const { kit, hasArgs, site } = page;
  return { kit, hasArgs, params: site.params, namedPages: (name) => namedPages(name, page) };
}

/** The type that maps the literal paths of Include or Layout to the arguments and the result of the pages there. */
function namedPages(name: 'Include' | 'Layout', { facts, site }: DeclaredPage): string {
  const named = name === 'Include' ? facts.includes : facts.layouts;
  const rows = [...new Set(named.map(({ path }) => path))].flatMap((path) => {
    const module = site.moduleOf(path);
    if (module === undefined) return [];
    const from = `import(${JSON.stringify(module)})`;
    return [`${JSON.stringify(path)}: { args: ${from}.$Args; result: ${from}.$Result }`];
  });
  return `{ ${rows.join('; ')} }`;
}

/**
 * A field is a variable of the page. A field that is never assigned is a constant, so that TypeScript narrows it in
 * callbacks.
 */
function fieldLine(field: string, uses: readonly Use[]): string {
  const kind = uses.some(({ assigned }) => assigned) ? 'let' : 'const';
  return `declare ${kind} _${field}: string | undefined;`;
}

/** The type of running the page. A page with a Layout is asynchronous if the layout is. */
function resultType({ free, facts }: DeclaredPage): string {
  if (facts.async) return 'Promise<void>';
  return free.has('Layout') ? 'void | Promise<void>' : 'void';
}

/** The module of a page that does not compile. Its types are any, so that only the page's own error is reported. */
export function untypedPage(names: string): string {
  return `export type { Untyped as $Args, Untyped as $Result } from ${JSON.stringify(names)};\n`;
}
