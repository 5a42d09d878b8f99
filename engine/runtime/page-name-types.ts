// The types of the page names (README.md, *Names of a page*), which `karrigell check` and editors declare in a page's typed
// module. A test compares the exports with compiler/page-name-table.ts. Nothing of this file exists at run time.
// page-types.ts has the types of the request, session-declarations.ts those of the session.

import type { Config } from '../../config/schema.ts';
import type { Html } from '../escaping/trusted-text.ts';
import type { StandardSchema } from '../forms/standard-schema.ts';
import type { FormOptions, FormResult } from './form-types.ts';
import type { HttpErrorResult, RedirectOptions } from './page-result.ts';
import type { Files, OnceOptions, OnceResult, PageRequest, PageResponse, Query } from './page-types.ts';

export { safe } from '../escaping/trusted-text.ts';
export { schemaFields } from './schema-fields.ts';
export type { OpenSession, ReadOnlySession, SessionMembers } from './session-declarations.ts';
export { deletable, Session } from './session-declarations.ts';

export declare const QUERY: Query;
export declare const FILES: Files;

/** The data has the schema's own type. */
export declare function Form<Data, Input>(
  schema: StandardSchema<Data, Input>,
  options?: FormOptions<Input>,
): Promise<FormResult<Data, Input>>;

/** Notes that the work of this arrival of the form begins, or waits for an earlier arrival and answers as that one did. */
export declare function Once(options?: OnceOptions): Promise<OnceResult>;

/**
 * PARAMS of a page without a bracketed name. A page with bracketed names may include it, so any name may have a
 * value.
 */
export type Params = Readonly<Record<string, string | undefined>>;

export declare const REQUEST: PageRequest;
export declare const RESPONSE: PageResponse;

/** The effective configuration, frozen and without secrets. */
export declare const CONFIG: Config;

/** Values that can be printed. A Promise, a function and a symbol have no text. */
export type Printable =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Html
  | Date
  | readonly Printable[]
  | Textual;

/** An object that is no Promise, function, array or symbol. A missing text of its own is an error at run time. */
interface Textual {
  toString(): string;
  readonly then?: never;
  readonly call?: never;
  readonly [Symbol.unscopables]?: never;
  readonly [Symbol.toPrimitive]?: never;
}

/**
 * The type itself if it can be printed or is unknown, so that an object literal keeps its own members; else
 * Printable.
 */
export type Printed<T> = unknown extends T ? T : [T] extends [Printable] ? T : Printable;

type AllPrinted<T extends readonly unknown[]> = { [K in keyof T]: Printed<T[K]> };

/** The function that `<%= %>` and `<%- %>` call in a typed module. */
export declare function output<T>(value: Printed<T>): void;

export declare function print<T extends readonly unknown[]>(...values: AllPrinted<T>): void;
export declare function html<T extends readonly unknown[]>(
  strings: TemplateStringsArray,
  ...values: AllPrinted<T>
): Html;
export declare function raw<T>(value: Printed<T>): Html;
// biome-ignore lint/suspicious/noShadowRestrictedNames: the contract's name for it
export declare function escape<T>(value: Printed<T>): string;

/** Options with a fallback. With them the target may be missing, as a form field may be. */
type WithFallback = RedirectOptions & { readonly fallback: string };

/** Ends the page: throws, so that the code behind it is unreachable. */
export declare function redirect(url: string | URL | null | undefined, options: WithFallback): never;
export declare function redirect(
  url: string | URL | null | undefined,
  status: number,
  options: WithFallback,
): never;
export declare function redirect(
  url: string | URL,
  status?: number | RedirectOptions,
  options?: RedirectOptions,
): never;

export declare const HttpError: {
  (status: number, message?: string): HttpErrorResult;
  new (status: number, message?: string): HttpErrorResult;
  readonly prototype: HttpErrorResult;
};

/**
 * LOCALS of a page: the keys of the guards that always run before it, and as optional keys those of guards that run before some
 * pages that reach it.
 * @typeParam Sometimes a union
 */
export type LocalsOf<Always, Sometimes> = Always & {
  [Key in Exclude<KeyOf<Sometimes>, keyof Always>]?: ValueOf<Sometimes, Key>;
};

type KeyOf<Union> = Union extends unknown ? keyof Union : never;
type ValueOf<Union, Key> = Union extends unknown ? (Key extends keyof Union ? Union[Key] : never) : never;

/** The keys of a guard, with their types. A key that a guard further out has with another type is refused. */
export type SameKeys<Own, Outer> =
  IsAny<Outer> extends true
    ? Own
    : { [Key in keyof Own]: Key extends keyof Outer ? SameType<Own[Key], Outer[Key]> : Own[Key] };

type SameType<Own, Outer> =
  (<T>() => T extends Own ? 1 : 2) extends <T>() => T extends Outer ? 1 : 2 ? Own : OuterType<Outer>;

/** The type of the key in the guard further out. */
interface OuterType<Type> {
  readonly [Symbol.species]: Type;
}

type IsAny<Type> = 0 extends 1 & Type ? true : false;

/** ARGS of a page that declares no `type Args`. */
// biome-ignore lint/suspicious/noExplicitAny: such a page takes any data, and reads it as it likes
export type Untyped = any;

/** A page that another page names by a literal path: its Args, and the type of running it. */
interface NamedPage {
  readonly args: unknown;
  readonly result: unknown;
}

/** The pages that one page names, by the paths as written. */
type NamedPages = Readonly<Record<string, NamedPage>>;

/** The data argument. It is required if the page's Args have a required member. */
type DataOf<Args> = unknown extends Args
  ? [data?: unknown]
  : Record<never, never> extends Args
    ? [data?: Args]
    : [data: Args];

type DataFor<Pages, Path> = Path extends keyof Pages
  ? Pages[Path] extends { readonly args: infer Args }
    ? DataOf<Args>
    : never
  : [data?: unknown];

type ResultOf<Pages, Path> = Path extends keyof Pages
  ? Pages[Path] extends { readonly result: infer Result }
    ? Result
    : never
  : void | Promise<void>;

/** A function that prints the children of a part. */
type Children = () => unknown;

/** Children follow the data. If the part needs no data, children may take their place. */
type WithChildren<Data extends readonly unknown[]> = Data extends readonly [unknown]
  ? [...data: Data, children?: Children]
  : [data?: Data[0] | Children, children?: Children];

/** The Include of a page. */
export type Include<Pages extends NamedPages> = <const Path extends string>(
  path: Path,
  ...data: WithChildren<DataFor<Pages, Path>>
) => ResultOf<Pages, Path>;

/** The Layout of a page. */
export type Layout<Pages extends NamedPages> = <const Path extends string>(
  path: Path,
  ...data: DataFor<Pages, Path>
) => void;

/** The output of an inner page: its name tells the kind. */
type OutputOf<Path extends string> = string extends Path
  ? string | Html
  : Lowercase<Path> extends `${string}.txt.pih`
    ? string
    : Html;

/** The Render of a page. */
export type Render<Pages extends NamedPages> = <const Path extends string>(
  path: Path,
  ...data: DataFor<Pages, Path>
) => Promise<OutputOf<Path>>;

export declare function Section(name: string, fill: () => Promise<unknown>): Promise<void>;
export declare function Section(name: string, fill: () => unknown): void;

/**
 * CONTENT, and what SECTION() gives: the output of another page. In a layout, CONTENT is the page that names it; in a part, its
 * children; undefined in other pages. A text page gets strings.
 */
export type Content<Kind extends 'html' | 'text'> = (Kind extends 'text' ? string : Html) | undefined;

declare global {
  interface ImportMeta {
    /** In a site's module: registers a function that closes resources before the next version of the module runs. */
    readonly hot?: { dispose(close: () => unknown): void };
  }
}
