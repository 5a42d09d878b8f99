// Which language the value of an attribute is in: one table by name, and the few elements where more decides.

import { changed } from '../context.ts';
import type { Context, ContextFacts, Language } from '../context-facts.ts';
import type { Scan } from '../scan.ts';

/** By name, not by element: elements gain attributes, and svg and MathML have href and src everywhere. */
const LANGUAGES: Readonly<Record<string, Language>> = {
  href: 'url',
  src: 'url',
  action: 'url',
  formaction: 'url',
  poster: 'image url',
  cite: 'url',
  background: 'url',
  codebase: 'url',
  classid: 'url',
  archive: 'url',
  longdesc: 'url',
  manifest: 'url',
  profile: 'url',
  usemap: 'url',
  icon: 'url',
  ping: 'url',
  srcset: 'srcset',
  imagesrcset: 'srcset',
  style: 'css',
  srcdoc: 'srcdoc',
};

/** What a custom element calls like this is its own affair, but for those that everybody takes for a URL. */
const CUSTOM_LANGUAGES: ReadonlySet<string> = new Set(['href', 'src', 'action', 'formaction', 'style']);

const ANIMATIONS: ReadonlySet<string> = new Set([
  'animate',
  'set',
  'animatetransform',
  'animatemotion',
  'animatecolor',
]);
const ANIMATED: ReadonlySet<string> = new Set(['to', 'from', 'by', 'values']);
/** HTML elements whose names have a hyphen, though they are not custom. */
const HYPHENATED: ReadonlySet<string> = new Set([
  'annotation-xml',
  'color-profile',
  'font-face',
  'font-face-src',
  'font-face-uri',
  'font-face-format',
  'font-face-name',
  'missing-glyph',
]);

/** The context before the value of the attribute that was just named. */
export function attributeNamed(context: Context): Context {
  const language = languageOf(context);
  return changed(context, { state: 'before value', language, ...START[language] });
}

/** Where a value of each language begins. */
const START: Readonly<Partial<Record<Language, Partial<ContextFacts>>>> = {
  url: { url: 'start' },
  'image url': { url: 'start' },
  srcset: { url: 'start' },
  refresh: { url: 'delay' },
  css: { mode: 'code' },
  script: { mode: 'code', slash: 'regexp', lineStart: true },
};

function languageOf(context: Context): Language {
  const { element, attribute } = context;
  if (element.startsWith('/')) return 'plain';
  if (attribute.startsWith('on')) return 'script';
  if (decides(element, attribute)) return 'deciding';
  if (element === 'meta' && attribute === 'content') return metaContent(context);
  if (ANIMATIONS.has(element) && ANIMATED.has(attribute)) return 'animated';
  if (element.includes('-') && !HYPHENATED.has(element)) {
    return CUSTOM_LANGUAGES.has(attribute) || attribute.endsWith(':href')
      ? languageByName(attribute)
      : 'plain';
  }
  if (element === 'object' && attribute === 'data') return 'url';
  if (attribute === 'src' && (element === 'img' || element === 'source')) return 'image url';
  return languageByName(attribute);
}

function languageByName(attribute: string): Language {
  if (attribute.endsWith(':href')) return 'url';
  return (Object.hasOwn(LANGUAGES, attribute) ? LANGUAGES[attribute] : undefined) ?? 'plain';
}

function decides(element: string, attribute: string): boolean {
  if (element === 'script') return attribute === 'type' || attribute === 'language';
  if (element === 'meta') return attribute === 'http-equiv';
  return ANIMATIONS.has(element) && attribute === 'attributename';
}

function metaContent(context: Context): Language {
  if (context.decided === 'refresh') return 'refresh';
  return context.decided === 'other' ? 'plain' : 'meta content';
}

/** The context behind an attribute that has no value. */
export function attributeWithoutValue(scan: Scan): Context {
  return scan.context;
}

/** The context behind a whole value. */
export function attributeEnded(scan: Scan): Context {
  return changed(scan.context, {
    state: 'tag',
    attribute: '',
    language: 'none',
    quote: '',
    pending: '',
    url: 'none',
    mode: 'none',
    slash: 'none',
    word: '',
    open: '',
    lineStart: false,
    doubt: false,
    dynamic: false,
  });
}
