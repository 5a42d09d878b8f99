// The functions with which a page prints: print(), html`` and raw().

import { Problem } from '../diagnostics/problem.ts';
import { ESCAPERS } from '../escaping/escaper-for.ts';
import { templateEscapers } from '../escaping/template-plan.ts';
import { escapeText, plainText } from '../escaping/text-escaper.ts';
import { Html } from '../escaping/trusted-text.ts';

/**
 * The output of `print(a, b)`: its arguments, escaped, with a space between them.
 * @param escaper the escaper of the context in which the call stands
 */
export function printed(
  values: readonly unknown[],
  escaper: (value: unknown) => string = escapeText,
): string {
  return values.map((value) => escaper(value)).join(' ');
}

/**
 * `html\`<b>${name}</b>\``: markup whose values are escaped for their contexts in it.
 * @throws Problem `html-template` if it is not called as the tag of a template
 */
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): Html {
  const { texts, escapers } = templateEscapers(strings, refuseData);
  let markup = texts[0] ?? '';
  for (const [index, escaper] of escapers.entries())
    markup += ESCAPERS[escaper](values[index]) + (texts[index + 1] ?? '');
  return new Html(markup);
}

/** @throws Problem `html-template` if the texts come from data and not from a template in code */
function refuseData(strings: unknown): void {
  if (!isTemplateObject(strings)) throw new Problem('html-template');
}

/**
 * Whether a value is the template object of a template in code (ECMA-262, GetTemplateObject): an array of strings with a
 * member `raw`, both frozen. Data cannot be one: arrays of JSON, fields and sessions have no own members, and the fields of a
 * request, which are frozen, cannot get one.
 */
function isTemplateObject(strings: unknown): boolean {
  if (!Array.isArray(strings) || !Object.isFrozen(strings) || !Object.hasOwn(strings, 'raw')) return false;
  const raw: unknown = Reflect.get(strings, 'raw');
  if (!Array.isArray(raw) || !Object.isFrozen(raw) || raw.length !== strings.length) return false;
  // A part with an invalid escape sequence is undefined.
  return strings.every((part) => typeof part === 'string');
}

/** Markup that is printed as it is: the author of the page is responsible for it. */
export function raw(value: unknown): Html {
  return new Html(plainText(value));
}
