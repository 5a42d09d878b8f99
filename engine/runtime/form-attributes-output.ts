// The result of `form.attrs()`: attributes that only the tag of a form field prints (docs/forms.md).

import { Problem } from '../diagnostics/problem.ts';
import type { FieldTag } from '../forms/form-attributes.ts';

/** The attributes of a field. */
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

/** The kind of a value, with its article. */
export function described(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`;
}
