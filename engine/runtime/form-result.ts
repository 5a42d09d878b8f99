// The result of Form: a plain object, so that a page can keep it in a session of every store, with members that are no properties
// of it.

import { type FieldTag, fieldAttributes } from '../forms/form-attributes.ts';
import { keptFields } from '../forms/kept-form.ts';
import { fieldRecord } from './field-record.ts';
import { FormAttributes } from './form-attributes-output.ts';
import { retryForm } from './form-retry.ts';
import type { FormScope } from './form-types.ts';
import type { Query } from './page-types.ts';
import type { SchemaFields } from './schema-reader.ts';

/** The properties of the result. */
export interface FormOutcome {
  readonly ok: boolean;
  readonly data: unknown;
  errors: Record<string, string | undefined>;
  values: Query;
}

/** The form that the members of the result belong to. */
interface FormContext {
  readonly id: string | undefined;
  readonly scope: FormScope;
  readonly fields: SchemaFields;
}

/** The result of a form. Its members are read through a Proxy, because a session stores no functions. */
export function formResult(outcome: FormOutcome, context: FormContext, isKept = false): object {
  const members = new FormResultMembers(outcome, context, isKept);
  return new Proxy(outcome, {
    get(target, key, receiver) {
      switch (key) {
        case 'attrs':
          return members.attrs;
        case 'error':
          return members.error;
        case 'retry':
          return members.retry;
        case 'discard':
          return members.discard;
        case 'kept':
          return members.kept;
        default:
          return Reflect.get(target, key, receiver);
      }
    },
  });
}

/** The functions are properties, so that a page can take them out of the result. */
class FormResultMembers {
  kept: boolean;
  readonly #outcome: FormOutcome;
  readonly #context: FormContext;

  constructor(outcome: FormOutcome, context: FormContext, isKept: boolean) {
    this.#outcome = outcome;
    this.#context = context;
    this.kept = isKept;
  }

  readonly attrs = (name: string, option?: string | number): FormAttributes =>
    new FormAttributes((tag) =>
      this.#attributes(name, tag, option === undefined ? undefined : String(option)),
    );

  readonly error = (name: string): string | undefined => errorOf(this.#outcome.errors, name);

  readonly retry = (path?: unknown): never => {
    const { scope } = this.#context;
    const { errors, values } = this.#outcome;
    return retryForm(
      scope,
      path,
      keptFields(values, errors, (name) => scope.forms.isSecret(name)),
    );
  };

  readonly discard = (): void => {
    if (this.kept) {
      this.#outcome.errors = Object.create(null);
      this.#outcome.values = NO_VALUES;
      this.kept = false;
    }
    this.#context.scope.forms.discard();
  };

  #attributes(name: string, tag: FieldTag, option: string | undefined): string {
    const { id, fields, scope } = this.#context;
    const field = {
      name,
      schema: fields.get(name),
      typed: typedTexts(this.#outcome.values, name),
      isSecret: scope.forms.isSecret(name),
      error: this.error(name),
      errorId: `${id === undefined ? '' : `${id}-`}${name}-error`,
    };
    return fieldAttributes(field, tag, option);
  }
}

/** The values of a form that has none. */
export const NO_VALUES = fieldRecord<Query>(new Map(), Object.freeze([]));

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
