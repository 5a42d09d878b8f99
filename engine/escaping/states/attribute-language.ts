// The language of an attribute's value: one table by name, and the elements in which other attributes decide.

import type { CodeWith } from '../../diagnostics/codes.ts';
import { leaveAttribute } from '../context.ts';
import type { ContextDraft, ContextFacts, Language } from '../context-facts.ts';
import { frameworkLanguage } from './framework-attributes.ts';
import { enterScriptCode } from './javascript-language.ts';

/**
 * The table ignores the element, because elements gain attributes, and svg and MathML allow href and src everywhere.
 */
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

/** A custom element defines its own attributes. Only these names are treated as in other elements. */
const CUSTOM_LANGUAGES: ReadonlySet<string> = new Set(['href', 'src', 'action', 'formaction', 'style']);

const ANIMATIONS: ReadonlySet<string> = new Set([
  'animate',
  'set',
  'animatetransform',
  'animatemotion',
  'animatecolor',
]);
const ANIMATED: ReadonlySet<string> = new Set(['to', 'from', 'by', 'values']);
/** Elements of HTML, SVG and MathML whose names contain a hyphen. They are not custom elements. */
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

/** Enters the value of the attribute whose name has just been read. */
export function attributeNamed(facts: ContextDraft): void {
  facts.language = languageOf(facts);
  facts.state = 'before attribute value';
  facts.word = '';
  enterLanguage(facts);
}

/** Sets the state in which a value of each language begins. */
function enterLanguage(facts: ContextDraft): void {
  switch (facts.language) {
    case 'url':
    case 'image url':
    case 'srcset':
      facts.url = 'start';
      break;
    case 'refresh':
      facts.url = 'delay';
      break;
    case 'css':
      facts.mode = 'code';
      break;
    case 'script':
      enterScriptCode(facts);
  }
}

function languageOf(context: ContextFacts): Language {
  const { element, attribute } = context;
  if (element.startsWith('/')) return 'plain';
  if (attribute.startsWith('on')) return 'script';
  const framework = frameworkLanguage(attribute);
  if (framework !== undefined) return framework;
  if (decides(element, attribute)) return 'deciding';
  if (element === 'meta' && attribute === 'content') return metaContent(context);
  if (ANIMATIONS.has(element) && ANIMATED.has(attribute)) {
    return context.decided === 'harmless' ? 'plain' : 'animated';
  }
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
  if (element === 'script') return attribute === 'type';
  if (element === 'meta') return attribute === 'http-equiv';
  return ANIMATIONS.has(element) && attribute === 'attributename';
}

function metaContent(context: ContextFacts): Language {
  if (context.decided === 'refresh') return 'refresh';
  return context.decided === 'other' ? 'plain' : 'meta content';
}

/** Leaves an attribute that has no value. */
export function attributeWithoutValue(facts: ContextDraft): void {
  facts.language = languageOf(facts);
  facts.word = '';
  attributeEnded(facts, () => {});
}

/** Leaves an attribute behind its value. */
export function attributeEnded(facts: ContextDraft, report: (code: CodeWith<'place'>) => void): void {
  facts.decided = decidedBy(facts, report);
  facts.state = 'before attribute name';
  leaveAttribute(facts);
}

/** Only the first of several attributes with the same name counts. */
function decidedBy(facts: ContextFacts, report: (code: CodeWith<'place'>) => void): string {
  const { decided, element, word } = facts;
  if (facts.language === 'meta content' && facts.hasOutputs) return 'content';
  if (facts.language !== 'deciding') return decided;
  if (element === 'script') return scriptKind(decided, scriptLanguage(word), report);
  if (element !== 'meta') return decided === '' ? animatedKind(word) : decided;
  const kind = word.trim().toLowerCase() === 'refresh' ? 'refresh' : 'other';
  if (decided === 'content' && kind === 'refresh') report('refresh-after-content');
  return decided === '' || decided === 'content' ? kind : decided;
}

/** `script or unset`: only one branch wrote a type, so a further type would count only on the other branch. */
function scriptKind(decided: string, kind: string, report: (code: CodeWith<'place'>) => void): string {
  if (decided === 'script or unset' && kind !== 'script') report('script-type-branches');
  return decided === '' ? kind : decided;
}

/** Longer names are read only up to this length. */
const LONGEST_NAME = 60;

function animatedKind(name: string): string {
  if (name.length > LONGEST_NAME) return 'refused';
  return /^(?:on|style$|src|.*href$)/i.test(name.trim()) ? 'refused' : 'harmless';
}

/** The kind of a script's type, as browsers and compilers in browsers treat it. */
function scriptLanguage(type: string): 'script' | 'json' | 'other script' {
  const name = (type.split(';')[0] ?? '').trim().toLowerCase();
  if (name === '' || /module|javascript|ecmascript|jscript|livescript|babel|jsx|typescript|tsx/.test(name))
    return 'script';
  return /[/+]json$|^importmap|^speculationrules$/.test(name) ? 'json' : 'other script';
}
