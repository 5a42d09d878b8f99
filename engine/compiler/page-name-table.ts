// The names that every page can use without an import (README.md, *Names of a page*), one row each. The sets that the analysis
// checks, the bindings of compiled pages, the declarations of typed modules and the completion of editors are read from
// these rows, and a test compares README with them.
//
// To add a name, add its row here and its implementation:
// - its type in runtime/page-name-types.ts, unless the row computes the type for each page;
// - the member that its binding reads, in the kit (runtime/page-linkage.ts) or in the scope (`PageScope` in
//   runtime/page-types.ts).
// TypeScript refuses a row without one of them, and a kit or scope that lacks the member.

import type * as declarations from '../runtime/page-name-types.ts';
import type { InternalNames } from './4-emit/internal-names.ts';
import type { PageKind } from './page-kind.ts';

/** The facts of one page that bindings depend on. */
export interface BindingContext {
  readonly names: InternalNames;
  /** The page may send a part of its output before it ends. */
  readonly flushes: boolean;
  /** An include may still run when the page has ended. */
  readonly floats: boolean;
  /** The compiled page keeps the number of its current context in a variable. */
  readonly isTracked: boolean;
  readonly kind: PageKind;
}

/** The facts of one page that the types of its names depend on. */
export interface TypeContext {
  /** The expression that gives the module runtime/page-name-types.ts. */
  readonly kit: string;
  readonly kind: PageKind;
  /** The page declares a type Args. */
  readonly hasArgs: boolean;
  /** The bracketed names in the page's path. */
  readonly params: readonly string[];
  /** The page is a guard, which also has the values of brackets below its folder. */
  readonly isGuard: boolean;
  /** The type of LOCALS. */
  readonly locals: () => string;
  /** The type that maps the literal paths of a page's calls of that name to the pages there. */
  readonly namedPages: (name: 'Include' | 'Layout' | 'Render') => string;
}

interface PageNameEntry {
  /** One sentence of Markdown that an editor shows beside the name. */
  readonly text: string;
  /** The statement that declares the name in a compiled page; undefined for a parameter of the page's function. */
  readonly binding: ((page: BindingContext) => string) | undefined;
  /**
   * The need of a use of the name for the session; absent: none. `write`: its lock. `unless-read-only`: its lock,
   * unless the use is a call whose options are a literal with `read_only: true`. `with-session-options`: its lock, if the
   * use is a call whose options may have one that writes to the session, or if it is no call.
   */
  readonly session?: 'write' | 'unless-read-only' | 'with-session-options';
}

/** A name that runtime/page-name-types.ts declares has that type; for any other name the row computes it. */
type PageNameRow<Name extends string> = PageNameEntry & {
  readonly type: Name extends keyof typeof declarations ? 'declared' : (page: TypeContext) => string;
};

function table<Name extends string>(rows: { readonly [Key in Name]: PageNameRow<Key> }) {
  return rows;
}

export const PAGE_NAME_TABLE = table({
  QUERY: {
    text: "The request's form fields, query string and body together: `QUERY.email` is a string or undefined, `QUERY['color[]']` always an array.",
    type: 'declared',
    binding: ({ names }) => `const QUERY=${names.inScope('QUERY')};`,
  },
  FILES: {
    text: 'Uploaded files by field name: `FILES.photo` has `name`, `type`, `size`, `text()`, `arrayBuffer()`, `stream()` and `save(path)`.',
    type: 'declared',
    binding: ({ names }) => `const FILES=${names.inScope('FILES')};`,
  },
  PARAMS: {
    text: 'Parts of the URL that bracketed file names match: `products/[id].pih` answers `/products/42` with `PARAMS.id` `42`.',
    type: ({ params, kit, isGuard }) => {
      if (params.length === 0) return `${kit}.Params`;
      return isGuard ? `${paramsType(params)} & ${kit}.Params` : paramsType(params);
    },
    binding: ({ names }) => `const PARAMS=${names.inScope('PARAMS')};`,
  },
  REQUEST: {
    text: 'The request: `method`, `url`, `path`, `headers`, `cookies`, `ip`, `body`, `json()` and `signal`.',
    type: 'declared',
    binding: ({ names }) => `const REQUEST=${names.inScope('REQUEST')};`,
  },
  RESPONSE: {
    text: 'The response: `status`, `headers`, `setCookie()`, `deleteCookie()`, `send()`, `json()` and `flush()`.',
    type: 'declared',
    binding: ({ names, flushes }) =>
      flushes
        ? `const RESPONSE=${names.inKit('response')}(${names.scope},${names.run});`
        : `const RESPONSE=${names.inScope('RESPONSE')};`,
  },
  SEND_AGAIN: {
    text: 'In a page of `error_pages`: the form that the visitor sent, as hidden fields with a button that sends it again. Undefined elsewhere.',
    type: ({ kit, kind }) => (kind === 'text' ? 'undefined' : `${kit}.Content<'html'>`),
    binding: ({ names, kind }) =>
      `const SEND_AGAIN=${kind === 'text' ? 'undefined' : names.inScope('SEND_AGAIN')};`,
  },
  CONFIG: {
    text: 'The effective configuration, frozen and without secrets.',
    type: 'declared',
    binding: ({ names }) => `const CONFIG=${names.inScope('CONFIG')};`,
  },
  LOCALS: {
    text: 'The values that the `_before.pih` files of the folders around this page have put there for this request. `type Locals = { … }` in such a file types them.',
    type: ({ locals }) => locals(),
    binding: ({ names }) => `const LOCALS=${names.inScope('LOCALS')};`,
  },
  ARGS: {
    text: 'The data that the caller passes to this page in `Include`, `Layout`, `app.render` or a view. `type Args = { … }` types it.',
    type: ({ hasArgs, kit }) => (hasArgs ? 'Args' : `${kit}.Untyped`),
    binding: undefined,
  },
  Session: {
    text: "The visitor's session: any attribute can be set, read and deleted. `Session({ read_only: true })` never waits for a lock.",
    type: 'declared',
    binding: ({ names }) => `const Session=options=>${names.inScope('session')}(options);`,
    session: 'unless-read-only',
  },
  print: {
    text: 'Prints its arguments with a space between them, escaped for the context of the call.',
    type: 'declared',
    binding: ({ names }) => `const print=(...values)=>{${names.out}+=${names.inKit('print')}(values)};`,
  },
  html: {
    text: 'Template tag that gives markup: each value in the template is escaped for its context.',
    type: 'declared',
    binding: ({ names }) => `const html=${names.inKit('html')};`,
  },
  raw: {
    text: 'Gives markup that is printed as it is. Use it only for text that contains no data of visitors.',
    type: 'declared',
    binding: ({ names }) => `const raw=${names.inKit('raw')};`,
  },
  escape: {
    text: 'Gives the HTML-escaped text of a value.',
    type: 'declared',
    binding: ({ names }) => `const escape=${names.text};`,
  },
  safe: {
    text: '`safe.url`, `safe.css`, `safe.js` and `safe.attribute` mark a text as trusted in that one kind of context.',
    type: 'declared',
    binding: ({ names }) => `const safe=${names.inKit('safe')};`,
  },
  Form: {
    text: 'Reads QUERY and FILES through a Standard Schema: `await Form(schema)` gives `{ ok, data, errors, values }`, and `return form.retry()` shows the form again behind a redirect. Several forms of one page have `Form(schema, { id })`.',
    type: 'declared',
    binding: ({ names }) =>
      `const Form=(schema,options)=>${names.inKit('form')}(${names.scope},schema,options);`,
  },
  Once: {
    text: 'Lets one of several arrivals of a form run: `const once = await Once()` before the work begins. The others wait and get its answer.',
    type: 'declared',
    binding: ({ names }) => `const Once=options=>${names.inScope('once')}(options);`,
  },
  Include: {
    text: 'Runs another page and prints its output here; the data is its `ARGS`. A function as last argument gives it children, which it prints with `<%= CONTENT %>`. Write `await Include(…)` if that page or the function awaits.',
    type: ({ kit, namedPages }) => `${kit}.Include<${namedPages('Include')}>`,
    binding: (page) => {
      const { names, floats } = page;
      const { out, scope, run } = names;
      return (
        `const Include=(path,data,children)=>{const part=${names.inKit('include')}(${scope},path,data,children,${run});` +
        `if(typeof part==="string"){${out}+=part;return}const call=${names.inRun('begun')}(${floats});` +
        `return part.then(part=>{${lateCheck(page)}${out}+=part}).finally(()=>${names.inRun('ended')}(call))};`
      );
    },
  },
  Layout: {
    text: 'Wraps this page in another one, which prints it with `<%= CONTENT %>` and has the data as its `ARGS`.',
    type: ({ kit, namedPages }) => `${kit}.Layout<${namedPages('Layout')}>`,
    binding: ({ names }) => `const Layout=(path,data)=>${names.inKit('layout')}(${names.run},path,data);`,
  },
  Render: {
    text: 'Runs another page in this request and gives its output without sending it: `await Render(path, data)` is a string for a text page (`.txt.pih`), markup for an HTML page.',
    type: ({ kit, namedPages }) => `${kit}.Render<${namedPages('Render')}>`,
    binding: ({ names }) => `const Render=(path,data)=>${names.inKit('render')}(${names.scope},path,data);`,
  },
  Section: {
    text: 'Gives the layout a named part, the output of the function. The layout prints it with `<%= SECTION(name) %>`.',
    type: 'declared',
    binding: ({ names }) => `const Section=(name,fill)=>${names.inRun('section')}(name,fill);`,
  },
  CONTENT: {
    text: 'In a layout: the output of the page that names it. In an included page: the children that it is given.',
    type: ({ kit, kind }) => `${kit}.Content<'${kind}'>`,
    binding: ({ names, kind }) => `const CONTENT=${names.around}.content${asText(kind)};`,
  },
  SECTION: {
    text: 'In a layout: a part that the page set with `Section(name, …)`; undefined if the page set none.',
    type: ({ kit, kind }) => `(name: string) => ${kit}.Content<'${kind}'>`,
    binding: ({ names, kind }) =>
      `const SECTION=name=>${names.around}.sections.get(String(name))${asText(kind)};`,
  },
  redirect: {
    text: 'Ends the page with a redirect (303, or `status`) to a path of this site. Another site needs `{ external: true }`. `{ flash: { notice: text } }` keeps values for the next page, `{ keep_form: true }` the form that was sent.',
    type: 'declared',
    binding: ({ names }) =>
      `const redirect=(url,status,options)=>${names.inKit('redirect')}(${names.scope},url,status,options);`,
    session: 'with-session-options',
  },
  HttpError: {
    text: '`throw HttpError(404)` ends the page with that status and its error page.',
    type: 'declared',
    binding: ({ names }) => `const HttpError=${names.inKit('HttpError')};`,
  },
});

export type PageName = keyof typeof PAGE_NAME_TABLE;

/** The names, in the order of the table. */
export const PAGE_NAMES = Object.keys(PAGE_NAME_TABLE).filter(isRowName);

function isRowName(name: string): name is PageName {
  return Object.hasOwn(PAGE_NAME_TABLE, name);
}

/**
 * The output of an asynchronous included page arrives while another part of this page may run. At the end of the page
 * (-1) and in element text (0) that is no error.
 */
function lateCheck({ isTracked, names }: BindingContext): string {
  return isTracked ? `${names.tracked}<1||${names.misplaced}(0,0,0,call.place);` : '';
}

/** In a text page, the output of another page is a string, since it is no markup. */
function asText(kind: PageKind): string {
  return kind === 'text' ? '?.toString()' : '';
}

function paramsType(params: readonly string[]): string {
  return `{ ${params.map((name) => `readonly ${name}: string`).join('; ')} }`;
}
