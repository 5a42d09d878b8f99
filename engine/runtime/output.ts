// What a compiled page calls to print: print(), html``, raw().

import { ESCAPERS } from '../escaping/escaper-for.ts';
import { Html } from '../escaping/html.ts';
import { templateEscapers } from '../escaping/template.ts';
import { escapeText, plainText } from '../escaping/text.ts';

/** The output of `print(a, b)`: its arguments, escaped for the place, a space between them. */
export function printed(
  values: readonly unknown[],
  escaper: (value: unknown) => string = escapeText,
): string {
  return values.map((value) => escaper(value)).join(' ');
}

/** `html\`<b>${name}</b>\``: markup whose values are escaped for their places in it. */
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): Html {
  const { texts, escapers } = templateEscapers(strings);
  let markup = texts[0] ?? '';
  for (const [index, escaper] of escapers.entries())
    markup += ESCAPERS[escaper](values[index]) + (texts[index + 1] ?? '');
  return new Html(markup);
}

/** Markup that the page's author vouches for. */
export function raw(value: unknown): Html {
  return new Html(plainText(value));
}
