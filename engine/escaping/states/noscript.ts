// `<noscript>` has two readings: a browser with scripts reads its content as text up to the first `</noscript`, a
// browser without scripts reads markup (WHATWG HTML 13.2.6.4.4 and 13.2.6.4.7). Both agree on the text behind it if
// that end tag is also the end tag of the markup. In a comment, an attribute or a style it is not. Values print no `<`,
// so only static text can contain the end tag.

import type { ContextFacts } from '../context-facts.ts';
import type { HtmlScan } from '../html-scan.ts';

/** Inside noscript. The last characters follow, if they may begin an end tag that the markup does not have. */
const INSIDE = 'in';
/** Behind an end tag that only one reading has. The other reading may be in any state. */
const MISREAD = 'misread';

const END = '</noscript';

/** The state behind the start tag. An inner noscript is text for one reading and an ordinary element for the other. */
export function noscriptOpened(noscript: string): string {
  return noscript === MISREAD ? MISREAD : INSIDE;
}

/** The state behind the end tag. */
export function noscriptClosed(noscript: string): string {
  return noscript === MISREAD ? MISREAD : '';
}

/** Whether a value may be markup in one of the readings. */
export function isMisread({ noscript }: ContextFacts): boolean {
  return noscript !== '' && noscript !== INSIDE;
}

/**
 * Searches the text that a state has just read, from `start`, for the end tag. In element text the markup has it as
 * well.
 */
export function trackNoscript(
  scan: HtmlScan,
  before: Pick<ContextFacts, 'state' | 'noscript'>,
  start: number,
): void {
  const { facts } = scan;
  if (before.noscript === MISREAD || facts.noscript === '') return;
  const isMarkup = before.state === 'data';
  const read = before.noscript.slice(INSIDE.length) + scan.text.slice(start, scan.at).toLowerCase();
  facts.noscript = isMarkup ? INSIDE : ENDS.test(read) ? MISREAD : INSIDE + tailOf(facts, read);
}

const ENDS = /<\/noscript[\t\n\f\r />]/;

function tailOf({ state }: ContextFacts, read: string): string {
  if (state === 'data') return '';
  const at = read.lastIndexOf('<');
  return at !== -1 && END.startsWith(read.slice(at)) ? read.slice(at) : '';
}

/** The join of two states: the stricter one. */
export function joinedNoscript(a: string, b: string): string {
  if (a === b) return a;
  const [shorter = '', longer = ''] = [a, b].sort((one, other) => one.length - other.length);
  return shorter === '' || shorter === INSIDE ? longer : MISREAD;
}
