// Form(schema): fields and uploads through a Standard Schema library (https://standardschema.dev, version 1), for pages
// that show the form again with what was typed. It knows no library, and decides nothing about a field.

import { Problem } from '../diagnostics/problem.ts';
import { fieldRecord } from './field-record.ts';
import type { PageScope, Query } from './page-types.ts';

/** What Form needs of a schema. */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => Validated<Output> | Promise<Validated<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

type Validated<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] };

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The first message of each field, by its path with dots; those of the whole form under ''. A page may add its own. */
export type FormErrors = Record<string, string | undefined>;

/** What Form gives. */
export type FormResult<Data> = FormValid<Data> | FormInvalid;

interface FormValid<Data> {
  readonly ok: true;
  readonly data: Data;
  readonly errors: FormErrors;
  readonly values: Query;
}

interface FormInvalid {
  readonly ok: false;
  readonly data: undefined;
  readonly errors: FormErrors;
  /** What was typed, by the names of the form, as in QUERY; without passwords. */
  readonly values: Query;
}

/** The part of a request that a form is read from. */
type FormScope = Pick<PageScope, 'QUERY' | 'FILES' | 'REQUEST'>;

/**
 * Reads the request's fields and uploads through a schema.
 * @throws (rejects with) Problem `form-schema`, or what the schema's own functions throw; never for bad input
 */
export async function form<Data>(scope: FormScope, schema: StandardSchema<Data>): Promise<FormResult<Data>> {
  if (!isStandardSchema(schema)) throw new Problem('form-schema', { params: { what: described(schema) } });
  const { QUERY, FILES, REQUEST } = scope;
  const input = { __proto__: null, ...inputOf(QUERY), ...inputOf(FILES) };
  const validated = await schema['~standard'].validate(input);
  const values = retyped(QUERY);
  if (validated.issues === undefined) {
    return { ok: true, data: validated.value, errors: Object.create(null), values };
  }
  // Who opens the page for the first time has made no mistake yet.
  const isFirstVisit = Object.keys(input).length === 0 && /^(?:GET|HEAD)$/.test(REQUEST.method);
  const errors = errorsOf(isFirstVisit ? [] : validated.issues);
  return { ok: false, data: undefined, errors, values };
}

/** A schema is an object, or a function in ArkType. */
function isStandardSchema(schema: unknown): boolean {
  if ((typeof schema !== 'object' && typeof schema !== 'function') || schema === null) return false;
  const standard: unknown = Reflect.get(schema, '~standard');
  return (
    typeof standard === 'object' &&
    standard !== null &&
    Reflect.get(standard, 'version') === 1 &&
    typeof Reflect.get(standard, 'validate') === 'function'
  );
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

function errorsOf(issues: readonly Issue[]): FormErrors {
  const errors: FormErrors = Object.create(null);
  for (const { message, path = [] } of issues) {
    const keys = path.map((part) => String(typeof part === 'object' ? part.key : part));
    errors[keys.join('.')] ??= message;
  }
  return errors;
}

/** Words of a field's name that say that its value is not shown again. */
const SECRET = /^(?:pass(?:word|wd|phrase|code)?|pwd|secret|pin|otp|cvc|cvv|csc)\d*$/i;

function retyped(query: Query): Query {
  const shown = Object.entries<unknown>(query)
    .filter(([name]) => !isSecret(name))
    .map(([name, value]): [string, unknown[]] => [name, Array.isArray(value) ? [...value] : [value]]);
  return fieldRecord<Query>(new Map(shown), Object.freeze([]));
}

/** `newPassword`, `password_2` and `card[cvc]` are secret, `passenger` and `spinner` are not. */
function isSecret(name: string): boolean {
  const words = name.replace(/([a-z\d])([A-Z])/g, '$1 $2').split(/[^\p{L}\d]+/u);
  return words.some((word) => SECRET.test(word));
}
