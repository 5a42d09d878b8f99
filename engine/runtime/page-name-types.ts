// The types of what a page can name without an import (contract section 6), as `karrigell check` and editors declare
// them in a page's typed module. Declarations only: nothing of this exists at run time; `names.ts` has the request's
// own types, `page-session.ts` the session's.

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

/** The schema's own type is that of the data. */
export declare function Form<Data, Input>(
  schema: StandardSchema<Data, Input>,
): Promise<FormResult<Data, Input>>;

/** What a page gets that has no bracketed name itself: it may be included by one that has. */
export type Params = Readonly<Record<string, string | undefined>>;

export declare const REQUEST: PageRequest;
export declare const RESPONSE: PageResponse;

/** The effective configuration, secrets left out. */
export declare const CONFIG: Config;

/** What a page may print. A Promise, a function and a symbol have no text. */
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

/** An object that is no Promise, function, array or symbol; whether it has one of its own shows when it is printed. */
interface Textual {
  toString(): string;
  readonly then?: never;
  readonly call?: never;
  readonly [Symbol.unscopables]?: never;
  readonly [Symbol.toPrimitive]?: never;
}

/** The type itself where it can be printed or is not known; an object literal then keeps its own members. */
export type Printed<T> = unknown extends T ? T : [T] extends [Printable] ? T : Printable;

type AllPrinted<T extends readonly unknown[]> = { [K in keyof T]: Printed<T[K]> };

/** What `<%= %>` and `<%- %>` call in a typed module. */
export declare function output<T>(value: Printed<T>): void;

export declare function print<T extends readonly unknown[]>(...values: AllPrinted<T>): void;
export declare function html<T extends readonly unknown[]>(
  strings: TemplateStringsArray,
  ...values: AllPrinted<T>
): Html;
export declare function raw<T>(value: Printed<T>): Html;
// biome-ignore lint/suspicious/noShadowRestrictedNames: the contract's name for it
export declare function escape<T>(value: Printed<T>): string;

/** Options with a fallback: the target may be missing, as a field that a visitor sends or not. */
type WithFallback = RedirectOptions & { readonly fallback: string };

/** Throws, so that nothing behind it runs. */
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

/** A page that another one names by a literal path: its Args, and what running it gives. */
interface NamedPage {
  readonly args: unknown;
  readonly result: unknown;
}

/** The pages that one page names, by the path as it is written there. */
type NamedPages = Readonly<Record<string, NamedPage>>;

/** The data must be there when the page's Args have a member that must be. */
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

/** The Include of a page. */
export type Include<Pages extends NamedPages> = <const Path extends string>(
  path: Path,
  ...data: DataFor<Pages, Path>
) => ResultOf<Pages, Path>;

/** The Layout of a page. */
export type Layout<Pages extends NamedPages> = <const Path extends string>(
  path: Path,
  ...data: DataFor<Pages, Path>
) => void;

export declare function Section(name: string, fill: () => Promise<unknown>): Promise<void>;
export declare function Section(name: string, fill: () => unknown): void;

/** What the page in a layout printed; undefined where a page is no layout. */
export declare const CONTENT: Html | undefined;
export declare function SECTION(name: string): Html | undefined;

declare global {
  interface ImportMeta {
    /** Of a site's module: says how to close what it holds open before its next version runs. */
    readonly hot?: { dispose(close: () => unknown): void };
  }
}
