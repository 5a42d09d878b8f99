// `<noscript>`: a browser with scripts reads its content as text up to the first `</noscript`, one without reads markup
// (WHATWG HTML 13.2.6.4.4 and 7). Both agree on what follows if that end tag is the one that the markup has; in a
// comment, an attribute or a style it is not. Values print no `<`, so only static text can hold it.

import type { ContextFacts } from '../context-facts.ts';
import type { Scan } from '../html-scan.ts';

/** Inside; behind it, the last characters if they may begin the end tag where the markup has none. */
const INSIDE = 'in';
/** The end tag was read: the two readings may be anywhere. */
const MISREAD = 'misread';

const END = '</noscript';

/** Behind the start tag. An inner one is text for the one reading, an element like others for the other. */
export function opened(noscript: string): string {
  return noscript === MISREAD ? MISREAD : INSIDE;
}

/** Behind the end tag. */
export function closed(noscript: string): string {
  return noscript === MISREAD ? MISREAD : '';
}

/** Whether a value here may be markup for one of the readings. */
export function isMisread({ noscript }: ContextFacts): boolean {
  return noscript !== '' && noscript !== INSIDE;
}

/** Looks for the end tag in what a state has just read, from `start`; in element text the markup has it as well. */
export function readAsText(
  scan: Scan,
  before: Pick<ContextFacts, 'state' | 'noscript'>,
  start: number,
): void {
  const { facts } = scan;
  if (before.noscript === MISREAD || facts.noscript === '') return;
  const isMarkup = before.state === 'text';
  const read = before.noscript.slice(INSIDE.length) + scan.text.slice(start, scan.at).toLowerCase();
  facts.noscript = isMarkup ? INSIDE : ENDS.test(read) ? MISREAD : INSIDE + tailOf(facts, read);
}

const ENDS = /<\/noscript[\t\n\f\r />]/;

function tailOf({ state }: ContextFacts, read: string): string {
  if (state === 'text') return '';
  const at = read.lastIndexOf('<');
  return at !== -1 && END.startsWith(read.slice(at)) ? read.slice(at) : '';
}

/** Behind branches: what must be asked for on one of them. */
export function joinedNoscript(a: string, b: string): string {
  if (a === b) return a;
  const [shorter = '', longer = ''] = [a, b].sort((one, other) => one.length - other.length);
  return shorter === '' || shorter === INSIDE ? longer : MISREAD;
}
