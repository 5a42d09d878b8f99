// The joins of parts of URLs, and of states inside scripts and styles.

import type { Context, SlashMeaning, UrlPart } from './context-facts.ts';
import { REGEXP, slashNow } from './states/javascript-code.ts';

/** Parts in which a scheme may still follow, or has not followed. */
const WITH_SCHEME: ReadonlySet<UrlPart> = new Set(['start', 'value', 'scheme', 'component or start']);
const IN_PATH: ReadonlySet<UrlPart> = new Set(['slash', 'path', 'opaque', 'base64', 'component']);

/** The part of a URL on both branches. The escaper that follows from it must be safe in both parts. */
export function joinedUrl(a: Context, b: Context): UrlPart | undefined {
  const parts = new Set([a.url, b.url]);
  if (parts.size === 1) return a.url;
  const has = (part: UrlPart) => parts.has(part);
  if (has('component') || has('component or start')) return joinedComponent(a.url, b.url);
  if (has('slash') && has('path')) return 'slash';
  if (has('start') && has('path')) return 'start';
  return has('value') && (has('start') || has('path')) ? 'value' : undefined;
}

function joinedComponent(a: UrlPart, b: UrlPart): UrlPart | undefined {
  const all = [a, b];
  if (!all.every((part) => WITH_SCHEME.has(part) || IN_PATH.has(part))) return undefined;
  return all.some((part) => WITH_SCHEME.has(part)) ? 'component or start' : 'component';
}

/** The word that is being read on both branches; `~` if it differs. */
export function joinedWord(a: Context, b: Context): string | undefined {
  if (a.word === b.word) return a.word;
  if (a.url !== 'none') return joinedUrlWord(a, b);
  if (a.language === 'css' || a.language === 'script') {
    const open = [a.word, b.word].some((word) => /^[/\\(]/.test(word));
    return a.mode === 'code' && !open ? '~' : undefined;
  }
  return undefined;
}

function joinedUrlWord(a: Context, b: Context): string | undefined {
  if (a.language === 'srcset') return a.url === 'start' || b.url === 'start' ? ',' : '';
  const component = [a.url, b.url].some((part) => part === 'component' || part === 'component or start');
  return component ? '' : undefined;
}

/** The open brackets. They must be equal only around a template literal, whose end depends on them. */
export function joinedOpen(a: string, b: string): string | undefined {
  if (a === b) return a;
  return a.includes('$') || b.includes('$') ? undefined : '?';
}

/** If it is not known whether svg is open, the rules for inside and outside both apply. */
export function joinedForeign(a: string, b: string): string {
  return a === b ? a : '*';
}

/** The meaning of a slash on both branches. */
export function joinedSlash(a: Context, b: Context): SlashMeaning {
  if (a.word === b.word && a.slash === b.slash) return a.slash;
  const [first, second] = [slashNow(a), slashNow(b)];
  if (first === second) return first;
  return REGEXP.has(first) && REGEXP.has(second) ? 'colon' : 'unknown';
}
