// What follows the `>` of a tag: text, or the content of an element that the tokenizer reads in another way.

import { contentOf, textFacts } from '../context.ts';
import type { ContextFacts, Language } from '../context-facts.ts';
import type { Scan } from '../scan.ts';
import { closed, opened } from './noscript.ts';

/** Elements whose tags inside are text. What a script holds depends on its type. */
const CONTENT: Readonly<Record<string, Language>> = {
  script: 'script',
  style: 'css',
  textarea: 'plain',
  title: 'plain',
  xmp: 'verbatim',
  iframe: 'verbatim',
  noembed: 'verbatim',
  noframes: 'verbatim',
  plaintext: 'verbatim',
};

/** In these, elements such as `title` may be ordinary ones: svg and math have their own, a select has none. */
const FOREIGN: ReadonlySet<string> = new Set(['svg', 'math', 'select', 'frameset']);
const FOREIGN_AT_MOST = 24;

/** Parsers drop a line break directly behind these. */
const EATS_LINE_BREAK: ReadonlySet<string> = new Set(['pre', 'listing']);

/** Goes past the `>` of a tag. */
export function afterTag(scan: Scan): void {
  const { context } = scan;
  const next = scan.at + 1;
  const selfClosing = context.pending === '/';
  if (context.element.startsWith('/')) {
    scan.enter(next, afterEndTag(context));
    return;
  }
  const language = Object.hasOwn(CONTENT, context.element) ? CONTENT[context.element] : undefined;
  if (language === undefined) {
    scan.enter(next, afterStartTag(context, selfClosing));
    return;
  }
  if (selfClosing) scan.report('self-closing-content', scan.at);
  if (context.element === 'plaintext' && context.foreign !== '') scan.report('foreign-content', scan.at);
  scan.enter(next, contentStart(context, language));
}

function afterStartTag(context: ContextFacts, selfClosing: boolean): ContextFacts {
  const pending = EATS_LINE_BREAK.has(context.element) ? '>' : '';
  if (context.element === 'noscript') return textFacts(context, { noscript: opened(context.noscript) });
  if (!FOREIGN.has(context.element) || selfClosing) return textFacts(context, { pending });
  const foreign = `${context.foreign}${context.element} `;
  return textFacts(context, { foreign: foreign.length > FOREIGN_AT_MOST ? '*' : foreign });
}

/** An end tag that does not fit may be ignored by parsers or not: then we stay where more is asked for. */
function afterEndTag(context: ContextFacts): ContextFacts {
  const { foreign } = context;
  if (context.element === '/noscript') return textFacts(context, { noscript: closed(context.noscript) });
  const name = `${context.element.slice(1)} `;
  return textFacts(context, {
    foreign: foreign.endsWith(name) ? foreign.slice(0, -name.length) : foreign,
  });
}

function contentStart(context: ContextFacts, language: Language): ContextFacts {
  if (context.element === 'textarea') return contentOf(context, { language, pending: '>' });
  if (language === 'css') return contentOf(context, { language, mode: 'code' });
  if (language !== 'script') return contentOf(context, { language });
  if (context.decided === 'json') return contentOf(context, { language: 'json', mode: 'code' });
  if (context.decided === 'other script') return contentOf(context, { language: 'other script' });
  return contentOf(context, { language, mode: 'code', slash: 'statement', lineStart: true });
}
