// What a compiled page calls to print: print(), html``, raw().

import { Problem } from '../diagnostics/problem.ts';
import { ESCAPERS } from '../escaping/escaper-for.ts';
import { templateEscapers } from '../escaping/template-plan.ts';
import { escapeText, plainText } from '../escaping/text-escaper.ts';
import { Html } from '../escaping/trusted-text.ts';

/** The output of `print(a, b)`: its arguments, escaped for the place, a space between them. */
export function printed(
  values: readonly unknown[],
  escaper: (value: unknown) => string = escapeText,
): string {
  return values.map((value) => escaper(value)).join(' ');
}

/**
 * `html\`<b>${name}</b>\``: markup whose values are escaped for their places in it.
 * @throws Problem `html-template` when it is called with anything but a template
 */
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): Html {
  const { texts, escapers } = templateEscapers(strings, refuseData);
  let markup = texts[0] ?? '';
  for (const [index, escaper] of escapers.entries())
    markup += ESCAPERS[escaper](values[index]) + (texts[index + 1] ?? '');
  return new Html(markup);
}

/** @throws Problem `html-template` */
function refuseData(strings: unknown): void {
  if (!isTemplateObject(strings)) throw new Problem('html-template');
}

/**
 * Whether these are the static parts of a template in code (ECMA-262, GetTemplateObject): an array of strings with a
 * member `raw`, both frozen. Data cannot be that: JSON, fields and sessions give arrays without own members, and the
 * fields of a request, which are frozen, cannot get one.
 */
function isTemplateObject(strings: unknown): boolean {
  if (!Array.isArray(strings) || !Object.isFrozen(strings) || !Object.hasOwn(strings, 'raw')) return false;
  const raw: unknown = Reflect.get(strings, 'raw');
  if (!Array.isArray(raw) || !Object.isFrozen(raw) || raw.length !== strings.length) return false;
  // The part is undefined where it has an escape sequence that is none.
  return strings.every((part) => typeof part === 'string');
}

/** Markup that the page's author vouches for. */
export function raw(value: unknown): Html {
  return new Html(plainText(value));
}
