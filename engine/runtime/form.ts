// Form(schema): fields and uploads through a schema (contract section 12), for pages that show the form again with what was typed
// and what is wrong with it. The library of the schema decides about every field.

import { Problem } from '../diagnostics/problem.ts';
import { convertedFields } from '../forms/convert-fields.ts';
import { type FieldSchema, fieldSchemas } from '../forms/field-schema.ts';
import { type FieldTag, fieldAttributes } from '../forms/form-attributes.ts';
import { isSecretName } from '../forms/secret-fields.ts';
import {
  isStandardSchema,
  jsonSchemaOf,
  type SchemaIssue,
  type StandardSchema,
} from '../forms/standard-schema.ts';
import { fieldRecord } from './field-record.ts';
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

/** What was typed, by the names of the form: a list under `name[]`. */
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

/** What a form is, whether its fields are right or wrong. */
interface FormMembers<Input> {
  readonly errors: FormErrors<Input>;
  /** What was typed, as in QUERY, without secrets. */
  readonly values: FormValues<Input>;
  /**
   * The attributes of a field, to be printed inside the tag of an `<input>`, `<select>`, `<textarea>` or `<option>`:
   * `<input <%= form.attrs('email') %>>`.
   * @param option the value of an `<option>`, a radio button or one of several checkboxes
   */
  attrs(name: NamesOf<Input>, option?: string | number): FormAttributes;
  /** The message of a field, or of the first item of a list that has one; undefined where the field is right. */
  error(name: NamesOf<Input>): string | undefined;
}

/** What Form gives. */
export type FormResult<Data, Input = unknown> = FormMembers<Input> &
  ({ readonly ok: true; readonly data: Data } | { readonly ok: false; readonly data: undefined });

/** The part of a request that a form is read from. */
type FormScope = Pick<PageScope, 'QUERY' | 'FILES' | 'REQUEST'>;

/**
 * Reads the request's fields and uploads through a schema.
 * @throws (rejects with) Problem `form-schema`, or what the schema's own functions throw; never for bad input
 */
export async function form<Data, Input>(
  scope: FormScope,
  schema: StandardSchema<Data, Input>,
): Promise<FormResult<Data, Input>>;
export async function form(scope: FormScope, schema: StandardSchema): Promise<unknown> {
  if (!isStandardSchema(schema)) throw new Problem('form-schema', { params: { what: described(schema) } });
  const { QUERY, FILES, REQUEST } = scope;
  const input = { __proto__: null, ...inputOf(QUERY), ...inputOf(FILES) };
  const fields = fieldsOf(schema);
  const validated = await schema['~standard'].validate(convertedFields(input, fields));
  const result =
    validated.issues === undefined ? { ok: true, data: validated.value } : { ok: false, data: undefined };
  // A visitor who opens the page for the first time has made no mistake yet.
  const isFirstVisit = Object.keys(input).length === 0 && /^(?:GET|HEAD)$/.test(REQUEST.method);
  if (isFirstVisit) return formResult({ ok: false, data: undefined }, QUERY, [], fields);
  return formResult(result, QUERY, validated.issues ?? [], fields);
}

/** Schemas never change, and making the JSON Schema of one costs more than validating a form. */
const knownFields = new WeakMap<object, ReadonlyMap<string, FieldSchema>>();

function fieldsOf(schema: StandardSchema): ReadonlyMap<string, FieldSchema> {
  const known = knownFields.get(schema);
  if (known !== undefined) return known;
  const fields = fieldSchemas(jsonSchemaOf(schema));
  knownFields.set(schema, fields);
  return fields;
}

/** The outcome of validation. */
interface FormOutcome {
  readonly ok: boolean;
  readonly data: unknown;
}

/**
 * The result of Form: a plain object, so that a page can keep it in a session of every store, with two functions that are no
 * properties of it.
 */
function formResult(
  { ok, data }: FormOutcome,
  query: Query,
  issues: readonly SchemaIssue[],
  fields: ReadonlyMap<string, FieldSchema>,
): object {
  const errors = errorsOf(issues);
  const values = withoutSecrets(query);
  const error = (name: string) => errorOf(errors, name);
  const attributes = (name: string, tag: FieldTag, option: string | number | undefined) => {
    const typed = typedTexts(values, name);
    const field = { name, schema: fields.get(name), typed, isSecret: isSecretName(name), error: error(name) };
    return fieldAttributes(field, tag, option === undefined ? undefined : String(option));
  };
  const attrs = (name: string, option?: string | number) =>
    new FormAttributes((tag) => attributes(name, tag, option));
  return new Proxy(
    { ok, data, errors, values },
    {
      get(target, key, receiver) {
        if (key === 'attrs') return attrs;
        return key === 'error' ? error : Reflect.get(target, key, receiver);
      },
    },
  );
}

/** The message of a field, or the first one of an item of a list. */
function errorOf(errors: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const own = errors[name];
  if (own !== undefined) return own;
  const below = Object.keys(errors).find((path) => path.startsWith(`${name}.`));
  return below === undefined ? undefined : errors[below];
}

function typedTexts(values: Query, name: string): readonly string[] {
  const list: readonly string[] = values[`${name}[]`] ?? [];
  const one = values[name];
  return list.length > 0 || one === undefined ? list : [one];
}

/** The attributes of a field, which only the tag of a form field prints. */
export class FormAttributes {
  readonly #print: (tag: FieldTag) => string;

  constructor(print: (tag: FieldTag) => string) {
    this.#print = print;
  }

  /** The attributes as they stand in a tag. */
  printedIn(tag: FieldTag): string {
    return this.#print(tag);
  }
}

/**
 * Prints the value of an output inside a tag.
 * @throws Problem `attrs-foreign` for anything but what `form.attrs()` returned
 */
export function attributesIn(tag: FieldTag): (value: unknown) => string {
  return (value) => {
    if (value instanceof FormAttributes) return value.printedIn(tag);
    throw new Problem('attrs-foreign', { params: { what: described(value) } });
  };
}

function described(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`;
}

/**
 * `name` as it is, `name[]` as an array under `name`, in which it wins over a `name` without brackets.
 * `__proto__` is left out: a library that copies the record would set a prototype.
 */
function inputOf(values: Query | FormScope['FILES']): Record<string, unknown> {
  const input: Record<string, unknown> = Object.create(null);
  for (const [name, value] of Object.entries<unknown>(values)) {
    const key = name.replace(/\[\]$/, '');
    if (key === '__proto__' || Array.isArray(input[key])) continue;
    input[key] = Array.isArray(value) ? [...value] : value;
  }
  return input;
}

function errorsOf(issues: readonly SchemaIssue[]): Record<string, string | undefined> {
  const errors: Record<string, string | undefined> = Object.create(null);
  for (const { message, path = [] } of issues) {
    const keys = path.map((part) => String(typeof part === 'object' ? part.key : part));
    errors[keys.join('.')] ??= message;
  }
  return errors;
}

function withoutSecrets(query: Query): Query {
  const shown = Object.entries<unknown>(query)
    .filter(([name]) => !isSecretName(name))
    .map(([name, value]): [string, unknown[]] => [name, Array.isArray(value) ? [...value] : [value]]);
  return fieldRecord<Query>(new Map(shown), Object.freeze([]));
}
