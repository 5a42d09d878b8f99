// Form(schema): fields and uploads through a schema (docs/forms.md), for pages that show the form again with what was typed
// and what is wrong with it. The library of the schema decides about every field.

import { refuseUnknownOptions } from '../diagnostics/known-options.ts';
import { Problem } from '../diagnostics/problem.ts';
import { convertedFields } from '../forms/convert-fields.ts';
import { withoutBrackets } from '../forms/field-name.ts';
import { withoutSecrets } from '../forms/secret-messages.ts';
import { isStandardSchema, type SchemaIssue, type StandardSchema } from '../forms/standard-schema.ts';
import { fieldRecord } from './field-record.ts';
import { described } from './form-attributes-output.ts';
import { type InitialFields, initialFields } from './form-initial.ts';
import { type FormOutcome, formResult, NO_VALUES } from './form-result.ts';
import type { FormOptions, FormResult, FormScope } from './form-types.ts';
import type { Query } from './page-types.ts';
import type { SchemaFields, SchemaReader } from './schema-reader.ts';

/** The field that says which of several forms of a page was sent. */
const FORM_FIELD = 'form';

/**
 * Reads the request's fields and uploads through a schema.
 * @param reader reads the fields of the schema
 * @throws (rejects with) Problem `form-schema`, `form-id`, `form-id-missing`, `form-initial`, or what the schema's own functions throw;
 * never for bad input
 */
export async function form<Data, Input>(
  scope: FormScope,
  reader: SchemaReader,
  schema: StandardSchema<Data, Input>,
  options?: FormOptions<Input>,
): Promise<FormResult<Data, Input>>;
export async function form(
  scope: FormScope,
  reader: SchemaReader,
  schema: StandardSchema,
  options?: FormOptions,
): Promise<unknown> {
  if (!isStandardSchema(schema)) throw new Problem('form-schema', { params: { what: described(schema) } });
  const id = idIn(options);
  const initial = options?.initial === undefined ? undefined : initialFields(options.initial);
  const { QUERY, FILES } = scope;
  const fields = await reader.fieldsOf(schema);
  const context = { id, fields, scope };
  const kept = await keptForm(scope, id);
  if (kept !== undefined) return formResult(kept, context, true);
  const input = { __proto__: null, ...inputOf(QUERY), ...inputOf(FILES) };
  if (!wasSent(scope, input, context)) {
    return formResult(unsentOutcome(scope, id, initial), context);
  }
  const validated = await schema['~standard'].validate(convertedFields(input, fields));
  const errors = errorsOf(validated.issues ?? [], () => secretTexts(scope));
  const { refused } = scope.forms;
  for (const [name, { message }] of refused) errors[errorPath(name, fields)] = message;
  const values = shownAgain(scope, typedValues(scope));
  if (validated.issues !== undefined || refused.size > 0)
    return formResult({ ok: false, data: undefined, errors, values }, context);
  return formResult({ ok: true, data: validated.value, errors, values }, context);
}

/** A form that was not sent: it shows what the page gives, else the fields of the URL. */
function unsentOutcome(
  scope: FormScope,
  id: string | undefined,
  initial: InitialFields | undefined,
): FormOutcome {
  const none = { ok: false, data: undefined };
  if (initial !== undefined) {
    const { values, errors } = initial;
    return { ...none, errors, values: shownAgain(scope, values) };
  }
  const values = id === undefined ? shownAgain(scope, Object.entries<unknown>(scope.QUERY)) : NO_VALUES;
  return { ...none, errors: Object.create(null), values };
}

/** The form as it was typed before a redirect, if this page is the one that shows it. */
async function keptForm(scope: FormScope, id: string | undefined): Promise<FormOutcome | undefined> {
  if (scope.REQUEST.method !== 'GET') return undefined;
  const kept = await scope.forms.kept();
  if (kept === undefined) return undefined;
  const values = shownAgain(scope, kept.fields);
  if (id !== undefined && values[FORM_FIELD] !== id) return undefined;
  scope.forms.shown(kept);
  const errors: FormOutcome['errors'] = Object.assign(Object.create(null), Object.fromEntries(kept.errors));
  return { ok: false, data: undefined, errors, values };
}

/** An id becomes part of ids of elements, so it has no blanks. */
function idIn(options: FormOptions | undefined): string | undefined {
  refuseUnknownOptions('Form', options, ['id', 'initial']);
  const id: unknown = options?.id;
  if (id === undefined || (typeof id === 'string' && /^\S+$/.test(id))) return id;
  throw new Problem('form-id', { params: { id: JSON.stringify(id) ?? typeof id } });
}

/**
 * Whether the visitor has sent this form. One who only opens its page has made no mistake yet, even if the URL has other fields
 * (`?lang=de`).
 * @throws Problem `form-id-missing` if the fields of a form came that does not say which one it is
 */
function wasSent(
  { QUERY, REQUEST }: FormScope,
  input: Readonly<Record<string, unknown>>,
  { id, fields }: { readonly id: string | undefined; readonly fields: SchemaFields },
): boolean {
  const isVisit = REQUEST.method === 'GET' || REQUEST.method === 'HEAD';
  const hasFields = Object.keys(input).some((name) => fields.size === 0 || fields.has(name));
  if (id === undefined) return !isVisit || hasFields;
  const sent = QUERY[FORM_FIELD];
  if (sent === undefined && hasFields && !isVisit) throw new Problem('form-id-missing', { params: { id } });
  return sent === id;
}

/**
 * `name` as it is, `name[]` as an array under `name`, in which it wins over a `name` without brackets.
 * `__proto__` is left out: a library that copies the record would set a prototype.
 */
function inputOf(values: Query | FormScope['FILES']): Record<string, unknown> {
  const input: Record<string, unknown> = Object.create(null);
  for (const [name, value] of Object.entries<unknown>(values)) {
    const key = withoutBrackets(name);
    if (key === '__proto__' || Array.isArray(input[key])) continue;
    input[key] = Array.isArray(value) ? [...value] : value;
  }
  return input;
}

/** @param secretsOf gives the texts that no message may repeat */
function errorsOf(
  issues: readonly SchemaIssue[],
  secretsOf: () => readonly string[],
): Record<string, string | undefined> {
  const errors: Record<string, string | undefined> = Object.create(null);
  const secrets = issues.length === 0 ? [] : secretsOf();
  for (const { message, path = [] } of issues) {
    // ArkType's path is of a class whose map() gives a list of numbers from an empty path.
    const keys = Array.from(path, (part) => String(typeof part === 'object' ? part.key : part));
    errors[keys.join('.')] ??= withoutSecrets(message, secrets);
  }
  return errors;
}

/** The texts that were typed into secret fields. */
function secretTexts({ QUERY, forms }: FormScope): string[] {
  return Object.entries<unknown>(QUERY)
    .filter(([name]) => forms.isSecret(name))
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]).map(String));
}

/** A message about a field that the form does not have is one about the whole form. */
function errorPath(name: string, fields: SchemaFields): string {
  const path = withoutBrackets(name);
  return fields.size === 0 || fields.has(path) ? path : '';
}

/** QUERY with the texts that were too long. */
function typedValues({ QUERY, forms }: FormScope): [string, unknown][] {
  const tooLong = [...forms.refused].flatMap(([name, { value }]): [string, unknown][] => {
    if (value === undefined) return [];
    const others: unknown = QUERY[name];
    return [[name, Array.isArray(others) ? [...others, value] : value]];
  });
  return [...Object.entries<unknown>(QUERY), ...tooLong];
}

/** The typed values without secrets. */
function shownAgain({ forms }: FormScope, values: Iterable<readonly [string, unknown]>): Query {
  const shown = [...values]
    .filter(([name]) => !forms.isSecret(name))
    .map(([name, value]): [string, unknown[]] => [name, Array.isArray(value) ? [...value] : [value]]);
  return fieldRecord<Query>(new Map(shown), Object.freeze([]));
}
