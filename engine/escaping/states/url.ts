// URLs, character by character as far as safety needs: whether a scheme may still come, and what it was
// (WHATWG URL, basic URL parser). What a value may be in each part is said in ../url.ts.

import { changed } from '../context.ts';
import type { ContextFacts, UrlPart } from '../context-facts.ts';
import type { LanguageStep, Report } from './language.ts';

/** Part and word of a URL. */
type Place = readonly [part: UrlPart, word: string];

const PATH: Place = ['path', ''];
const COMPONENT: Place = ['component', ''];

/** Goes over static characters of a URL. */
export const url: LanguageStep = (context, text, report) => {
  let place: Place = [context.url, context.word];
  for (let index = 0; index < text.length; index++) {
    place = placeAfter(place, text.charAt(index), report, index);
  }
  return changed(context, { url: place[0], word: place[1] });
};

function placeAfter(place: Place, character: string, report: Report, index: number): Place {
  const [part, word] = place;
  if (/[\t\n\r]/.test(character) && part !== 'value') return place;
  switch (part) {
    case 'start':
      return afterStart(character);
    case 'scheme':
      return afterScheme(word, character, report, index);
    case 'value':
    case 'component or start':
      return afterData(place, character, report, index);
    case 'data':
      return afterMediaType(word, character);
    case 'slash':
    case 'path':
    case 'opaque':
      if (/[?#]/.test(character)) return COMPONENT;
      return part === 'slash' ? PATH : place;
    default:
      return place;
  }
}

function afterMediaType(word: string, character: string): Place {
  if (character === ',') return [BASE64_IMAGE.test(word) ? 'base64' : 'unsafe', ''];
  return word.length > 40 ? ['unsafe', ''] : ['data', word + character];
}

function afterStart(character: string): Place {
  if (character <= ' ') return ['start', ''];
  if (/[a-z]/i.test(character)) return ['scheme', character.toLowerCase()];
  if (/[/\\]/.test(character)) return ['slash', ''];
  return /[?#]/.test(character) ? COMPONENT : PATH;
}

function afterScheme(word: string, character: string, report: Report, index: number): Place {
  if (/[a-z0-9+.-]/i.test(character)) return ['scheme', word + character.toLowerCase()];
  if (/[?#]/.test(character)) return COMPONENT;
  if (character !== ':') return PATH;
  if (word.includes('~')) report('scheme-from-data', index);
  return [SCHEMES[word] ?? 'unsafe', ''];
}

/** A value stands before: it may be the whole of a scheme, so that a colon would make it one. */
function afterData(place: Place, character: string, report: Report, index: number): Place {
  if (character === ':') report('scheme-from-data', index);
  if (/[?#]/.test(character)) return COMPONENT;
  if (!/[:/\\]/.test(character)) return place;
  return place[0] === 'value' ? PATH : COMPONENT;
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
export function urlAfterValue(context: ContextFacts): ContextFacts {
  if (context.url === 'start' || context.url === 'delay') return changed(context, { url: 'value', word: '' });
  if (context.url === 'scheme') return changed(context, { word: '~' });
  return context;
}

/**
 * The content of a meta refresh: seconds, a sign, perhaps `url=` and a quote, then the URL. The shared declarative
 * refresh steps of WHATWG HTML make all of it optional.
 */
export const refresh: LanguageStep = (context, text, report) => {
  if (context.url !== 'delay') return url(context, text, report);
  const read = context.word + text;
  const before = BEFORE_URL.exec(read)?.[0].length ?? 0;
  if (before === read.length) return changed(context, { word: read });
  // The letters of `url` are the URL's own if no `=` follows.
  const begun = read.slice(0, before + 1).replace(/^[\s\d.]*[;,]?\s*(?:url\s*=\s*['"]?)?/i, '');
  return url(changed(context, { url: 'start', word: '' }), begun + read.slice(before + 1), report);
};

const BEFORE_URL = /^\s*(?:[\d.]+\s*)?(?:[;,]\s*)?(?:url\s*(?:=\s*['"]?)?|ur|u)?/i;

/** In a meta refresh: whether all that goes before the URL is there. */
export function refreshUrlBegins(context: ContextFacts): boolean {
  return /^\s*(?:[\d.]+\s*)?[;,]\s*(?:url\s*=\s*['"]?)?$/i.test(context.word);
}
