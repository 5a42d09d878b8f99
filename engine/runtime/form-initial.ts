// The content of a form before it is sent (`Form(schema, { initial })`): the values of a record that it changes, or an earlier result
// of the same form with its messages.

import { Problem } from '../diagnostics/problem.ts';
import { described } from './form-attributes-output.ts';
import type { FormOutcome } from './form-result.ts';
import type { Shown } from './form-types.ts';

/** The fields and messages that a page gives: the values as they would be sent, by the names of the form. */
export interface InitialFields {
  readonly values: readonly (readonly [name: string, value: string | readonly string[]])[];
  readonly errors: FormOutcome['errors'];
}

/**
 * Reads the option `initial`.
 * @throws Problem `form-initial` for a value that no field can show
 */
export function initialFields(initial: Shown): InitialFields {
  const values = Object.entries<unknown>(initial.values ?? {}).flatMap(([name, value]) => sent(name, value));
  const errors: FormOutcome['errors'] = Object.create(null);
  for (const [path, message] of Object.entries<unknown>(initial.errors ?? {}))
    if (typeof message === 'string') errors[path] = message;
  return { values, errors };
}

/** A field as a browser would send it: a list under `name[]`, and nothing for a checkbox that is not checked. */
function sent(name: string, value: unknown): [name: string, value: string | readonly string[]][] {
  if (Array.isArray(value)) {
    const list = value.map((item: unknown) => textOf(name, item));
    return [[name.endsWith('[]') ? name : `${name}[]`, list]];
  }
  if (value === undefined || value === null || value === false) return [];
  return [[name, value === true ? 'on' : textOf(name, value)]];
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return String(value);
  throw new Problem('form-initial', { params: { name, what: described(value) } });
}
