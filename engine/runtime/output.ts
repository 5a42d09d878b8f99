// What a compiled page calls to print: print(), html``, raw().

import { Html } from '../escaping/html.ts';
import { escapeText, plainText } from '../escaping/text.ts';

/** The output of `print(a, b)`: its arguments, escaped, a space between them. */
export function printed(values: readonly unknown[]): string {
  return values.map(escapeText).join(' ');
}

/** `html\`<b>${name}</b>\``: markup whose values are escaped. */
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): Html {
  let markup = strings[0] ?? '';
  for (const [index, value] of values.entries()) markup += escapeText(value) + (strings[index + 1] ?? '');
  return new Html(markup);
}

/** Markup that the page's author vouches for. */
export function raw(value: unknown): Html {
  return new Html(plainText(value));
}
