// Context → escaper. An escaper maps every value to text that stays within one literal of its context. If a context has
// none, the error code gives the reason.

import type { CodeWith } from '../diagnostics/codes.ts';
import type { Context, Language, LanguageMode, UrlPart } from './context-facts.ts';
import type { EscaperName } from './escapers.ts';
import { REGEXP } from './states/javascript-code.ts';
import { isMisread } from './states/noscript.ts';
import { refreshUrlBegins } from './states/url-language.ts';

export { ESCAPERS, type EscaperName } from './escapers.ts';

/** The context in which no value is safe. */
export interface NoEscaper {
  readonly refused: CodeWith<'place'>;
}

type EscaperChoice = EscaperName | NoEscaper;

/**
 * The escaper of an output in `context`, or the reason why there is none.
 * @param behind the static HTML directly behind the output, '' before code; undefined: the value ends with the output
 */
export function escaperFor(context: Context, behind?: string): EscaperChoice {
  if (context.language === 'srcset' && isList(context, behind)) return 'srcset';
  return escaperIn(context);
}

/** An output that is the whole srcset may be a list. Any other output in it is one URL. */
function isList({ state, url, word, quote }: Context, behind: string | undefined): boolean {
  if (state !== 'attribute value' || url !== 'start' || word !== '') return false;
  return (
    behind === undefined || (quote === 'added' ? /^[\t\n\f\r >]/.test(behind) : behind.startsWith(quote))
  );
}

function escaperIn(context: Context): EscaperChoice {
  if (isMisread(context)) return { refused: 'output-in-noscript' };
  switch (context.state) {
    case 'data':
      return context.pending.startsWith('<') ? { refused: 'output-starts-tag' } : 'text';
    case 'before attribute value':
    case 'attribute value':
      return inLanguage(context);
    case 'content':
      return inContent(context);
    case 'comment':
      return 'comment';
    case 'bogus comment':
    case 'CDATA section':
      return { refused: 'output-in-declaration' };
    default:
      return { refused: 'output-in-tag' };
  }
}

/** A value in content must neither complete a tag that stands before it nor stand in an HTML comment of a script. */
function inContent(context: Context): EscaperChoice {
  if (context.escaped > 0) return { refused: 'output-in-script-comment' };
  const { pending, language } = context;
  const begins = pending.startsWith('<') && !pending.endsWith('~');
  const literal = language === 'script' || language === 'json' || language === 'css';
  if (begins && (pending !== '<' || !literal)) return { refused: 'output-starts-tag' };
  return language === 'plain' ? 'rcdata' : inLanguage(context);
}

function inLanguage(context: Context): EscaperChoice {
  if (context.uncertain) return { refused: 'output-in-unclear-script' };
  return LANGUAGES[context.language](context);
}

const LANGUAGES: Readonly<Record<Language, (context: Context) => EscaperChoice>> = {
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

const BACKSLASH: NoEscaper = { refused: 'output-after-backslash' };
const WITHOUT_LITERAL: NoEscaper = { refused: 'output-without-literal' };
const AFTER_SCHEME: NoEscaper = { refused: 'output-after-scheme' };

function inJson(context: Context): EscaperChoice {
  if (context.word === '\\') return BACKSLASH;
  if (context.mode !== 'code') return 'jsonString';
  return context.state === 'attribute value' ? 'jsonInAttribute' : 'json';
}

function inUrl(context: Context): EscaperChoice {
  return URL_PARTS[context.url];
}

const URL_PARTS: Readonly<Record<UrlPart, EscaperChoice>> = {
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

function inRefresh(context: Context): EscaperChoice {
  return context.url === 'delay' && refreshUrlBegins(context) ? 'url' : inUrl(context);
}

function inSrcset(context: Context): EscaperChoice {
  return SRCSET_PARTS[context.url] ?? inUrl(context);
}

const SRCSET_PARTS: Readonly<Partial<Record<UrlPart, EscaperName>>> = {
  start: 'srcsetUrl',
  value: 'srcsetUrl',
  slash: 'srcsetSlash',
  path: 'srcsetPath',
};

type ChooseEscaper = (context: Context) => EscaperChoice;

const never: ChooseEscaper = (context) => ({
  refused: context.state === 'attribute value' ? 'output-in-tag' : 'output-in-verbatim',
});
const inCssString: ChooseEscaper = (context) => (context.word === '\\' ? BACKSLASH : 'cssString');
const comment: ChooseEscaper = () => 'comment';

function inCssUrl(context: Context): EscaperChoice {
  const { url } = context;
  if (url === 'start' || url === 'value') return 'cssUrl';
  if (url === 'slash') return 'cssUrlSlash';
  const part = inUrl(context);
  return url === 'path' ? 'cssUrlPath' : part;
}

function inCssCode(context: Context): EscaperChoice {
  if (context.word === '\\') return BACKSLASH;
  return context.state === 'attribute value' ? 'cssValueInAttribute' : 'cssValue';
}

const CSS: Readonly<Record<LanguageMode, ChooseEscaper>> = {
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

const inRegexp: ChooseEscaper = () => ({ refused: 'output-in-regexp' });
const inJsString: ChooseEscaper = (context) => (context.word === '\\' ? BACKSLASH : 'jsString');

/**
 * Directly behind an ambiguous slash a value is refused: the slash divides, or it begins a regular expression that
 * contains the value.
 */
function inJsCode(context: Context): EscaperChoice {
  if (context.word === '\\') return BACKSLASH;
  if (context.word === '/' && REGEXP.has(context.slash)) return { refused: 'output-in-regexp' };
  if (context.word === '/' && context.slash === 'unknown') return { refused: 'output-in-unclear-script' };
  return context.state === 'attribute value' ? 'jsValueInAttribute' : 'jsValue';
}

const SCRIPT: Readonly<Record<LanguageMode, ChooseEscaper>> = {
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
