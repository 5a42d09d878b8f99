// The one table context → escaper. An escaper maps every value into the language of one literal of its context.

import type { Code } from '../diagnostics/codes.ts';
import type { Context } from './context-facts.ts';
import { escapeText } from './text.ts';

/** The escapers, by the names that compiled pages call them. */
export const ESCAPERS = {
  text: escapeText,
  attribute: escapeText,
} satisfies Record<string, (value: unknown) => string>;

export type EscaperName = keyof typeof ESCAPERS;

/** No value can be safe here. */
export interface Refused {
  readonly refused: Code;
}

/** The escaper of an output that stands in `context`, or why there is none. */
export function escaperFor(context: Context): EscaperName | Refused {
  switch (context.state) {
    case 'text':
      return context.pending === '' || context.pending === '&' || context.pending === '>'
        ? 'text'
        : { refused: 'output-starts-tag' };
    case 'before value':
    case 'value':
      return 'attribute';
    case 'declaration':
    case 'cdata':
      return { refused: 'output-in-declaration' };
    case 'comment':
    case 'content':
      return 'text';
    default:
      return { refused: 'output-in-tag' };
  }
}
