// Context → escaper: an escaper maps every value into the language of one literal of its context. Where there is none,
// the code says why.

import type { CodeWith } from '../diagnostics/codes.ts';
import type { Context, Language, Mode, UrlPart } from './context-facts.ts';
import type { EscaperName } from './escapers.ts';
import { REGEXP } from './states/javascript-code.ts';
import { isMisread } from './states/noscript.ts';
import { refreshUrlBegins } from './states/url-language.ts';

export { ESCAPERS, type EscaperName } from './escapers.ts';

/** No value can be safe here. */
export interface Refused {
  readonly refused: CodeWith<'place'>;
}

type Choice = EscaperName | Refused;

/**
 * The escaper of an output that stands in `context`, or why there is none.
 * @param behind the static HTML directly behind it, '' where there is code; undefined: the value ends with the output
 */
export function escaperFor(context: Context, behind?: string): Choice {
  if (context.language === 'srcset' && isList(context, behind)) return 'srcset';
  return escaperIn(context);
}

/** All of a srcset is one output: it may be a whole list. Otherwise it is one URL, whatever it has in it. */
function isList({ state, url, word, quote }: Context, behind: string | undefined): boolean {
  if (state !== 'value' || url !== 'start' || word !== '') return false;
  return (
    behind === undefined || (quote === 'added' ? /^[\t\n\f\r >]/.test(behind) : behind.startsWith(quote))
  );
}

function escaperIn(context: Context): Choice {
  if (isMisread(context)) return { refused: 'output-in-noscript' };
  switch (context.state) {
    case 'text':
      return context.pending.startsWith('<') ? { refused: 'output-starts-tag' } : 'text';
    case 'before value':
    case 'value':
      return inLanguage(context);
    case 'content':
      return inContent(context);
    case 'comment':
      return 'comment';
    case 'declaration':
    case 'cdata':
      return { refused: 'output-in-declaration' };
    default:
      return { refused: 'output-in-tag' };
  }
}

/** In content a value must not complete a tag that stands before it, nor hide in a comment of the script. */
function inContent(context: Context): Choice {
  if (context.escaped > 0) return { refused: 'output-in-script-comment' };
  const { pending, language } = context;
  const begins = pending.startsWith('<') && !pending.endsWith('~');
  const literal = language === 'script' || language === 'json' || language === 'css';
  if (begins && (pending !== '<' || !literal)) return { refused: 'output-starts-tag' };
  return language === 'plain' ? 'rcdata' : inLanguage(context);
}

function inLanguage(context: Context): Choice {
  if (context.doubt) return { refused: 'output-in-unclear-script' };
  return LANGUAGES[context.language](context);
}

const LANGUAGES: Readonly<Record<Language, (context: Context) => Choice>> = {
  none: () => 'attribute',
  plain: () => 'attribute',
  'meta content': () => 'attribute',
  url: inUrl,
  'image url': (context) => (context.url === 'start' ? 'imageUrl' : inUrl(context)),
  refresh: inRefresh,
  srcset: inSrcset,
  css: (context) => CSS[context.mode](context),
  script: (context) => SCRIPT[context.mode](context),
  json: inJson,
  'htmx values': () => ({ refused: 'output-before-values' }),
  'htmx trigger': (context) => (context.word === '[' ? WITHOUT_LITERAL : 'words'),
  hyperscript: () => WITHOUT_LITERAL,
  'other script': () => 'rcdata',
  deciding: () => ({ refused: 'output-decides' }),
  animated: () => ({ refused: 'output-animated' }),
  srcdoc: () => ({ refused: 'output-in-srcdoc' }),
  verbatim: () => ({ refused: 'output-in-verbatim' }),
};

const BACKSLASH: Refused = { refused: 'output-after-backslash' };
const WITHOUT_LITERAL: Refused = { refused: 'output-without-literal' };
const AFTER_SCHEME: Refused = { refused: 'output-after-scheme' };

function inJson(context: Context): Choice {
  if (context.word === '\\') return BACKSLASH;
  if (context.mode !== 'code') return 'jsonString';
  return context.state === 'value' ? 'jsonInAttribute' : 'json';
}

function inUrl(context: Context): Choice {
  return URL_PARTS[context.url];
}

const URL_PARTS: Readonly<Record<UrlPart, Choice>> = {
  none: 'attribute',
  start: 'url',
  value: 'url',
  scheme: 'urlComponent',
  slash: 'urlSlash',
  path: 'urlPath',
  component: 'urlComponent',
  'component or start': 'urlComponent',
  opaque: 'urlOpaque',
  base64: 'urlBase64',
  data: AFTER_SCHEME,
  unsafe: AFTER_SCHEME,
  descriptor: 'srcsetDescriptor',
  delay: { refused: 'output-before-url' },
};

function inRefresh(context: Context): Choice {
  return context.url === 'delay' && refreshUrlBegins(context) ? 'url' : inUrl(context);
}

function inSrcset(context: Context): Choice {
  return SRCSET_PARTS[context.url] ?? inUrl(context);
}

const SRCSET_PARTS: Readonly<Partial<Record<UrlPart, EscaperName>>> = {
  start: 'srcsetUrl',
  value: 'srcsetUrl',
  slash: 'srcsetSlash',
  path: 'srcsetPath',
};

type Place = (context: Context) => Choice;

const never: Place = (context) => ({
  refused: context.state === 'value' ? 'output-in-tag' : 'output-in-verbatim',
});
const inCssString: Place = (context) => (context.word === '\\' ? BACKSLASH : 'cssString');
const comment: Place = () => 'comment';

function inCssUrl(context: Context): Choice {
  const { url } = context;
  if (url === 'start' || url === 'value') return 'cssUrl';
  if (url === 'slash') return 'cssUrlSlash';
  const part = inUrl(context);
  return url === 'path' ? 'cssUrlPath' : part;
}

function inCssCode(context: Context): Choice {
  if (context.word === '\\') return BACKSLASH;
  return context.state === 'value' ? 'cssValueInAttribute' : 'cssValue';
}

const CSS: Readonly<Record<Mode, Place>> = {
  none: never,
  code: inCssCode,
  '"': inCssString,
  "'": inCssString,
  '`': never,
  regexp: never,
  'regexp class': never,
  'line comment': never,
  'html comment': never,
  'block comment': comment,
  url: inCssUrl,
  'url "': inCssUrl,
  "url '": inCssUrl,
};

const inRegexp: Place = () => ({ refused: 'output-in-regexp' });
const inJsString: Place = (context) => (context.word === '\\' ? BACKSLASH : 'jsString');

/** A slash directly before the value divides, or it begins a regular expression with the value in it. */
function inJsCode(context: Context): Choice {
  if (context.word === '\\') return BACKSLASH;
  if (context.word === '/' && REGEXP.has(context.slash)) return { refused: 'output-in-regexp' };
  if (context.word === '/' && context.slash === 'unknown') return { refused: 'output-in-unclear-script' };
  return context.state === 'value' ? 'jsValueInAttribute' : 'jsValue';
}

const SCRIPT: Readonly<Record<Mode, Place>> = {
  none: never,
  code: inJsCode,
  '"': inJsString,
  "'": inJsString,
  '`': inJsString,
  regexp: inRegexp,
  'regexp class': inRegexp,
  'line comment': comment,
  'html comment': () => ({ refused: 'output-in-script-comment' }),
  'block comment': comment,
  url: never,
  'url "': never,
  "url '": never,
};
