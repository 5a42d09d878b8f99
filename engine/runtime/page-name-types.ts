// The types of the page names (contract section 6), which `karrigell check` and editors declare in a page's typed
// module. A test compares the exports with compiler/page-name-table.ts. Nothing of this file exists at run time.
// page-types.ts has the types of the request, page-session.ts those of the session.

import type { Config } from '../../config/schema.ts';
import type { Html } from '../escaping/trusted-text.ts';
import type { StandardSchema } from '../forms/standard-schema.ts';
import type { FormResult } from './form.ts';
import type { HttpErrorResult, RedirectOptions } from './page-result.ts';
import type { Files, PageRequest, PageResponse, Query } from './page-types.ts';

export { safe } from '../escaping/trusted-text.ts';
export type { OpenSession, ReadOnlySession, SessionMembers } from './page-session.ts';
export { deletable, Session } from './page-session.ts';

export declare const QUERY: Query;
export declare const FILES: Files;

/** The data has the schema's own type. */
export declare function Form<Data, Input>(
  schema: StandardSchema<Data, Input>,
): Promise<FormResult<Data, Input>>;

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

export declare function Section(name: string, fill: () => Promise<unknown>): Promise<void>;
export declare function Section(name: string, fill: () => unknown): void;

/** In a layout, the output of the page that names it; in a part, its children; undefined in other pages. */
export declare const CONTENT: Html | undefined;
export declare function SECTION(name: string): Html | undefined;

declare global {
  interface ImportMeta {
    /** In a site's module: registers a function that closes resources before the next version of the module runs. */
    readonly hot?: { dispose(close: () => unknown): void };
  }
}
