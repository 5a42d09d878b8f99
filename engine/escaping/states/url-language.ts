// URLs, character by character as far as safety needs: whether a scheme may still follow, and which one it was (WHATWG
// URL, basic URL parser). url-escapers.ts says which values are allowed in each part.

import type { ContextDraft, ContextFacts, UrlPart } from '../context-facts.ts';
import type { LanguageStep, ReportProblem } from './language-step.ts';

/** Moves over static characters of a URL. */
export const urlStep: LanguageStep = (facts, text, report) => {
  for (let index = 0; index < text.length; index++) readCharacter(facts, text.charAt(index), report, index);
};

function readCharacter(facts: ContextDraft, character: string, report: ReportProblem, index: number): void {
  if (facts.url !== 'value' && /[\t\n\r]/.test(character)) return;
  switch (facts.url) {
    case 'start':
      afterStart(facts, character);
      break;
    case 'scheme':
      afterScheme(facts, character, report, index);
      break;
    case 'value':
    case 'component or start':
      afterData(facts, character, report, index);
      break;
    case 'data':
      afterMediaType(facts, character);
      break;
    case 'slash':
    case 'path':
    case 'opaque':
      if (/[?#]/.test(character)) enterPart(facts, 'component');
      else if (facts.url === 'slash') enterPart(facts, 'path');
  }
}

function enterPart(facts: ContextDraft, part: UrlPart, word = ''): void {
  facts.url = part;
  facts.word = word;
}

function afterMediaType(facts: ContextDraft, character: string): void {
  if (character === ',') enterPart(facts, BASE64_IMAGE.test(facts.word) ? 'base64' : 'unsafe');
  else if (facts.word.length > 40) enterPart(facts, 'unsafe');
  else facts.word += character;
}

function afterStart(facts: ContextDraft, character: string): void {
  if (character <= ' ') enterPart(facts, 'start');
  else if (/[a-z]/i.test(character)) enterPart(facts, 'scheme', character.toLowerCase());
  else if (/[/\\]/.test(character)) enterPart(facts, 'slash');
  else enterPart(facts, /[?#]/.test(character) ? 'component' : 'path');
}

function afterScheme(facts: ContextDraft, character: string, report: ReportProblem, index: number): void {
  const { word } = facts;
  if (/[a-z0-9+.-]/i.test(character)) facts.word += character.toLowerCase();
  else if (/[?#]/.test(character)) enterPart(facts, 'component');
  else if (character !== ':') enterPart(facts, 'path');
  else {
    if (word.includes('~')) report('scheme-from-data', index);
    enterPart(facts, SCHEMES[word] ?? 'unsafe');
  }
}

/** The value before this point may be a whole scheme, which a colon would complete. */
function afterData(facts: ContextDraft, character: string, report: ReportProblem, index: number): void {
  if (character === ':') report('scheme-from-data', index);
  if (/[?#]/.test(character)) enterPart(facts, 'component');
  else if (/[:/\\]/.test(character)) enterPart(facts, facts.url === 'value' ? 'path' : 'component');
}

/**
 * The schemes before which a page may print a value. Behind others, such as `javascript:`, no encoding makes a value
 * safe.
 */
const SCHEMES: Readonly<Record<string, UrlPart>> = Object.assign(Object.create(null), {
  http: 'path',
  https: 'path',
  ftp: 'path',
  ws: 'path',
  wss: 'path',
  webcal: 'path',
  mailto: 'opaque',
  tel: 'opaque',
  sms: 'opaque',
  sip: 'opaque',
  geo: 'opaque',
  whatsapp: 'opaque',
  data: 'data',
} satisfies Record<string, UrlPart>);

const BASE64_IMAGE = /^image\/(?:png|jpeg|gif|webp|avif)\s*;\s*base64$/i;

/** Sets the part behind a value. If a scheme could have ended there, the value may be its end. */
export function urlAfterValue(facts: ContextDraft): void {
  if (facts.url === 'start' || facts.url === 'delay') enterPart(facts, 'value');
  else if (facts.url === 'scheme') facts.word = '~';
}

/**
 * The content of a meta refresh: seconds, a sign, perhaps `url=` and a quote, then the URL. All of it is optional
 * (WHATWG HTML, shared declarative refresh steps).
 */
export const refreshStep: LanguageStep = (facts, text, report) => {
  if (facts.url !== 'delay') {
    urlStep(facts, text, report);
    return;
  }
  const read = facts.word + text;
  const before = BEFORE_URL.exec(read)?.[0].length ?? 0;
  if (before === read.length) {
    facts.word = read;
    return;
  }
  // The letters `url` are part of the URL if no `=` follows.
  const begun = read.slice(0, before + 1).replace(/^[\s\d.]*[;,]?\s*(?:url\s*=\s*['"]?)?/i, '');
  enterPart(facts, 'start');
  urlStep(facts, begun + read.slice(before + 1), report);
};

const BEFORE_URL = /^\s*(?:[\d.]+\s*)?(?:[;,]\s*)?(?:url\s*(?:=\s*['"]?)?|ur|u)?/i;

/** Whether the text before the URL of a meta refresh is complete. */
export function refreshUrlBegins(context: ContextFacts): boolean {
  return /^\s*(?:[\d.]+\s*)?[;,]\s*(?:url\s*=\s*['"]?)?$/i.test(context.word);
}
