// What follows the `>` of a tag: text, or the content of an element that the tokenizer reads in another way.

import { changed, contentOf, TEXT, textAfter } from '../context.ts';
import type { Context, Language } from '../context-facts.ts';
import type { Scan } from '../scan.ts';

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
const FOREIGN_AT_MOST = 3;

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
  scan.enter(next, contentStart(context, language));
}

function afterStartTag(context: Context, selfClosing: boolean): Context {
  const pending = EATS_LINE_BREAK.has(context.element) ? '>' : '';
  if (!FOREIGN.has(context.element) || selfClosing) return textAfter(context, { pending });
  return textAfter(context, { foreign: Math.min(context.foreign + 1, FOREIGN_AT_MOST) });
}

function afterEndTag(context: Context): Context {
  const { foreign } = context;
  if (!FOREIGN.has(context.element.slice(1)) || foreign === FOREIGN_AT_MOST) return textAfter(context);
  return changed(TEXT, { foreign: Math.max(foreign - 1, 0) });
}

function contentStart(context: Context, language: Language): Context {
  if (context.element === 'textarea') return contentOf(context, { language, pending: '>' });
  if (language === 'css') return contentOf(context, { language, mode: 'code' });
  if (language !== 'script') return contentOf(context, { language });
  return scriptStart(context);
}

function scriptStart(context: Context): Context {
  const start = { mode: 'code', slash: 'regexp', lineStart: true } as const;
  if (context.decided === 'json') return contentOf(context, { language: 'json', ...start });
  if (context.decided === 'data') return contentOf(context, { language: 'other script' });
  return contentOf(context, { language: 'script', ...start });
}
