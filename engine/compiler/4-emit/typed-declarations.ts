// The lines behind a page in its typed module: declarations of the page names that it uses, and exports for the modules
// of pages that name this one. runtime/page-name-types.ts has the types of the names.

import type { PageNameFacts } from '../3-analyse/page-facts.ts';
import { PAGE_NAME_TABLE, PAGE_NAMES, type TypeContext } from '../page-name-table.ts';
import type { Use } from '../scopes.ts';
import { type GuardPaths, localsLines, localsType } from './typed-locals.ts';

/** The surroundings of a typed module: paths of other modules, and the page's own path. */
export interface TypedModuleSite {
  /** The path of runtime/page-name-types.ts. */
  readonly names: string;
  /** The bracketed names in the page's path. */
  readonly params: readonly string[];
  /** Whether the page is a guard, a `_before.pih`. */
  readonly isGuard: boolean;
  /** The guards that run before the page. Called if the page uses LOCALS, or is a guard that declares a type Locals. */
  readonly guards: () => GuardPaths;
  /** The typed module of a page that this one names; undefined if there is no such page. */
  readonly moduleOf: (path: string) => string | undefined;
  /** Whether the module makes the type check tell the fields of the schemas that the page gives to Form. */
  readonly tellsFields?: boolean;
}

/** The facts of a page that its declarations depend on. */
export interface DeclaredPage {
  /** The name under which the module imports runtime/page-name-types.ts. */
  readonly kit: string;
  readonly free: PageNameFacts['free'];
  /** The names in `typeof name` inside of types. */
  readonly queried: ReadonlySet<string>;
  readonly facts: PageNameFacts['facts'];
  /** Whether the page declares a type Args. */
  readonly hasArgs: boolean;
  /** Whether the page declares a type Locals. */
  readonly hasLocals: boolean;
  /** Whether the type of `type Locals = …` is wrapped (typed-locals.ts). */
  readonly wrapsLocals: boolean;
  /** Whether the lines of the page call functions of `kit`. */
  readonly usesKit: boolean;
  /** The schemas of the calls of Form: the offset of the call, and the source of the argument. */
  readonly schemas: readonly { readonly start: number; readonly text: string }[];
  readonly site: TypedModuleSite;
}

/** The lines behind the page. */
export function declarations(page: DeclaredPage): string[] {
  const { free, queried, facts, hasArgs, kit, site } = page;
  const used = PAGE_NAMES.filter((name) => free.has(name) || queried.has(name));
  const context = typeContext(page);
  const computed = used.flatMap((name) => {
    const { type } = PAGE_NAME_TABLE[name];
    return type === 'declared' ? [] : [`declare const ${name}: ${type(context)};`];
  });
  const imported = used.filter((name) => PAGE_NAME_TABLE[name].type === 'declared');
  const from = `from ${JSON.stringify(site.names)};`;
  const locals = localsLines({ ...page, ...site });
  const needsKit =
    page.usesKit || tellsFields(page) || [...computed, ...locals].some((line) => line.includes(`${kit}.`));
  return [
    ...(imported.length === 0 ? [] : [`import { ${imported.join(', ')} } ${from}`]),
    ...(needsKit ? [`import * as ${kit} ${from}`] : []),
    ...computed,
    ...facts.fields.map((field) => fieldLine(field, free.get(`_${field}`) ?? [])),
    ...locals,
    hasArgs ? 'export type { Args as $Args };' : `export type { Untyped as $Args } ${from}`,
    `export type $Result = ${resultType(page)};`,
  ];
}

function tellsFields({ schemas, site }: DeclaredPage): boolean {
  return site.tellsFields === true && schemas.length > 0;
}

/**
 * The lines behind the declarations that make the type check tell fields (runtime/schema-fields.ts). A schema of a block or
 * function has no meaning here; its error is dropped, and its fields are unknown.
 */
export function fieldTellers(page: DeclaredPage): string[] {
  if (!tellsFields(page)) return [];
  return page.schemas.map(
    ({ start, text }) => `void (() => ${page.kit}.schemaFields(${start}, ${text}, 0));`,
  );
}

function typeContext(page: DeclaredPage): TypeContext {
  const { kit, hasArgs, site, facts } = page;
  return {
    kit,
    kind: facts.kind,
    hasArgs,
    params: site.params,
    isGuard: site.isGuard,
    locals: () => localsType({ ...page, ...site }),
    namedPages: (name) => namedPages(name, page),
  };
}

const NAMING_FACTS = { Include: 'includes', Layout: 'layouts', Render: 'renders' } as const;

/** The type that maps the literal paths of a name's calls to the arguments and the result of the pages there. */
function namedPages(name: keyof typeof NAMING_FACTS, { facts, site }: DeclaredPage): string {
  const named = facts[NAMING_FACTS[name]];
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
  return `export type { Untyped as $Args, Untyped as $Locals, Untyped as $Result } from ${JSON.stringify(names)};\n`;
}
