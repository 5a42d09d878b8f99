// URLs, character by character as far as safety needs: whether a scheme may still come, and what it was
// (WHATWG URL, basic URL parser). What a value may be in each part is said in ../url.ts.

import type { ContextFacts, Draft, UrlPart } from '../context-facts.ts';
import type { LanguageStep, ReportProblem } from './language-step.ts';

/** Goes over static characters of a URL. */
export const url: LanguageStep = (facts, text, report) => {
  for (let index = 0; index < text.length; index++) after(facts, text.charAt(index), report, index);
};

function after(facts: Draft, character: string, report: ReportProblem, index: number): void {
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
      if (/[?#]/.test(character)) enter(facts, 'component');
      else if (facts.url === 'slash') enter(facts, 'path');
  }
}

function enter(facts: Draft, part: UrlPart, word = ''): void {
  facts.url = part;
  facts.word = word;
}

function afterMediaType(facts: Draft, character: string): void {
  if (character === ',') enter(facts, BASE64_IMAGE.test(facts.word) ? 'base64' : 'unsafe');
  else if (facts.word.length > 40) enter(facts, 'unsafe');
  else facts.word += character;
}

function afterStart(facts: Draft, character: string): void {
  if (character <= ' ') enter(facts, 'start');
  else if (/[a-z]/i.test(character)) enter(facts, 'scheme', character.toLowerCase());
  else if (/[/\\]/.test(character)) enter(facts, 'slash');
  else enter(facts, /[?#]/.test(character) ? 'component' : 'path');
}

function afterScheme(facts: Draft, character: string, report: ReportProblem, index: number): void {
  const { word } = facts;
  if (/[a-z0-9+.-]/i.test(character)) facts.word += character.toLowerCase();
  else if (/[?#]/.test(character)) enter(facts, 'component');
  else if (character !== ':') enter(facts, 'path');
  else {
    if (word.includes('~')) report('scheme-from-data', index);
    enter(facts, SCHEMES[word] ?? 'unsafe');
  }
}

/** A value stands before: it may be the whole of a scheme, so that a colon would make it one. */
function afterData(facts: Draft, character: string, report: ReportProblem, index: number): void {
  if (character === ':') report('scheme-from-data', index);
  if (/[?#]/.test(character)) enter(facts, 'component');
  else if (/[:/\\]/.test(character)) enter(facts, facts.url === 'value' ? 'path' : 'component');
}

/** What a page may write before a value. No encoding makes a value safe behind others, such as `javascript:`. */
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

/** The part behind a value: where a scheme might have ended, it may now be data. */
export function urlAfterValue(facts: Draft): void {
  if (facts.url === 'start' || facts.url === 'delay') enter(facts, 'value');
  else if (facts.url === 'scheme') facts.word = '~';
}

/**
 * The content of a meta refresh: seconds, a sign, perhaps `url=` and a quote, then the URL. The shared declarative
 * refresh steps of WHATWG HTML make all of it optional.
 */
export const refresh: LanguageStep = (facts, text, report) => {
  if (facts.url !== 'delay') {
    url(facts, text, report);
    return;
  }
  const read = facts.word + text;
  const before = BEFORE_URL.exec(read)?.[0].length ?? 0;
  if (before === read.length) {
    facts.word = read;
    return;
  }
  // The letters of `url` are the URL's own if no `=` follows.
  const begun = read.slice(0, before + 1).replace(/^[\s\d.]*[;,]?\s*(?:url\s*=\s*['"]?)?/i, '');
  enter(facts, 'start');
  url(facts, begun + read.slice(before + 1), report);
};

const BEFORE_URL = /^\s*(?:[\d.]+\s*)?(?:[;,]\s*)?(?:url\s*(?:=\s*['"]?)?|ur|u)?/i;

/** In a meta refresh: whether all that goes before the URL is there. */
export function refreshUrlBegins(context: ContextFacts): boolean {
  return /^\s*(?:[\d.]+\s*)?[;,]\s*(?:url\s*=\s*['"]?)?$/i.test(context.word);
}
