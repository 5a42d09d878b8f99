// HTML with values, printed as a compiled page prints it: each value is escaped for its context.

import { type Context, TEXT } from '../../engine/escaping/context.ts';
import { ESCAPERS, escaperFor } from '../../engine/escaping/escaper-for.ts';
import { afterOutput, afterText, atOutput, beforeOutput, textFor } from '../../engine/escaping/transition.ts';

/** The output for `texts` with the values between them, or the code of a refusal. */
export function rendered(
  texts: readonly string[],
  values: readonly unknown[],
): { html: string } | { code: string } {
  let context: Context = TEXT;
  let html = '';
  for (const [index, text] of texts.entries()) {
    const { context: after, problem } = afterText(context, text);
    if (problem !== undefined) return { code: problem.code };
    html += textFor(context, text);
    context = after;
    if (index === texts.length - 1) break;
    const escaper = escaperFor(atOutput(context), texts[index + 1]);
    if (typeof escaper !== 'string') return { code: escaper.refused };
    html += beforeOutput(context) + ESCAPERS[escaper](values[index]);
    context = afterOutput(context);
  }
  return { html };
}

/** A template with `V` for the value, in any number of positions. */
export function withValue(template: string, value: unknown): string {
  const texts = template.split('V');
  const result = rendered(
    texts,
    texts.map(() => value),
  );
  if ('html' in result) return result.html;
  throw new Error(`${template}: ${result.code}`);
}

/** The code with which a template is refused, or its output. */
export function refusal(template: string, value: unknown = 'x'): string {
  const texts = template.split('V');
  const result = rendered(
    texts,
    texts.map(() => value),
  );
  return 'html' in result ? result.html : result.code;
}
