// The types of Form (docs/forms.md). `karrigell check` and editors read them, so that a misspelt field is an error.

import type { FormAttributes } from './form-attributes-output.ts';
import type { PageScope, Query } from './page-types.ts';

/** The fields that a schema takes, by their names; any names where its library does not tell. */
type FieldsOf<Input> = unknown extends Input
  ? Record<string, unknown>
  : Input extends object
    ? string extends keyof Input
      ? Record<string, unknown>
      : Input
    : Record<string, unknown>;

type NamesOf<Input> = Extract<keyof FieldsOf<Input>, string>;

type IsList<Value> = Extract<Value, readonly unknown[]> extends never ? false : true;

/** The typed values by the names of the form: a list under `name[]`. */
export type FormValues<Input> =
  string extends NamesOf<Input>
    ? Query
    : {
        readonly [Name in NamesOf<Input> as IsList<FieldsOf<Input>[Name]> extends true
          ? `${Name}[]`
          : Name]: IsList<FieldsOf<Input>[Name]> extends true ? readonly string[] : string | undefined;
      };

/**
 * The first message of each field, by its path with dots (`tags.0`); messages about the whole form under ''. A page may add its
 * own.
 */
export type FormErrors<Input> =
  string extends NamesOf<Input>
    ? Record<string, string | undefined>
    : { [Path in '' | NamesOf<Input> | `${NamesOf<Input>}.${string}`]?: string | undefined };

/** The members of a form, whether its fields are right or wrong. */
interface FormMembers<Input> {
  readonly errors: FormErrors<Input>;
  /** The typed values as in QUERY, without secrets. */
  readonly values: FormValues<Input>;
  /**
   * The attributes of a field, to be printed inside the tag of an `<input>`, `<select>`, `<textarea>` or `<option>`:
   * `<input <%= form.attrs('email') %>>`.
   * @param option the value of an `<option>`, a radio button or one of several checkboxes
   */
  attrs(name: NamesOf<Input>, option?: string | number): FormAttributes;
  /** The message of a field, or of the first item of a list that has one; undefined where the field is right. */
  error(name: NamesOf<Input>): string | undefined;
  /**
   * Ends the page with a redirect (303) to the page that shows the form, which finds the typed values and the messages there.
   * Write `return form.retry()`, so that TypeScript knows that the page ends.
   * @param path a path of this site; default: this page
   */
  retry(path?: string | URL): never;
  /** Whether the form is shown as it was typed before a redirect. */
  readonly kept: boolean;
  /** Forgets what is kept of the form. */
  discard(): void;
}

/** The result of Form. */
export type FormResult<Data, Input = unknown> = FormMembers<Input> &
  ({ readonly ok: true; readonly data: Data } | { readonly ok: false; readonly data: undefined });

/** A value that a field can show; `true` is a checked box, a list is that of `name[]`. */
type InitialValue = string | number | bigint | boolean | null | undefined | readonly (string | number)[];

/** Values and messages of a form before it is sent. */
export interface Shown<Input = unknown> {
  readonly values?:
    | (string extends NamesOf<Input>
        ? Readonly<Record<string, InitialValue>>
        : { readonly [Name in NamesOf<Input> | `${NamesOf<Input>}[]`]?: InitialValue })
    | undefined;
  readonly errors?: FormErrors<Input> | undefined;
}

/** Options of Form. */
export interface FormOptions<Input = unknown> {
  /**
   * The content of the form before it is sent: the values of a record (`{ values: account }`), or an earlier result that the page has
   * kept in the session. A form that is kept by `retry()` is shown in place of it.
   */
  readonly initial?: Shown<Input> | undefined;
  /**
   * Tells several forms of one page apart: this one was sent if the field `form` has the id, so the form has
   * `<input type="hidden" name="form" value="the id">`.
   */
  readonly id?: string;
}

/** The part of a request that a form is read from. */
export type FormScope = Pick<PageScope, 'QUERY' | 'FILES' | 'REQUEST' | 'forms' | 'redirect'>;
