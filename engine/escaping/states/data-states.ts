// The data state, bogus comments and CDATA sections (WHATWG HTML 13.2.5.1, .6, .7, .41 to .56 and .69 to .71).

import type { HtmlScan } from '../html-scan.ts';

/** `Hello |<b>` */
export function dataState(scan: HtmlScan): void {
  const { text, facts } = scan;
  facts.pending = '';
  const at = text.indexOf('<', scan.at);
  if (at === -1) {
    endOfText(scan);
    return;
  }
  scan.at = at;
  if (LETTER.test(text.charAt(at + 1))) scan.enterMarkup(at + 1, 'tag name');
  else if (/^<\/?$|^<!(?:-|\[C?D?A?T?A?)?$/.test(text.slice(at))) scan.keepPending();
  else if (text.startsWith('</', at)) endTag(scan);
  else if (text.startsWith('<!--', at)) {
    scan.enterMarkup(at + 4, 'comment');
    facts.pending = '<!--';
  } else if (text.startsWith('<![CDATA[', at) && facts.foreign !== '')
    scan.enterMarkup(at + 9, 'CDATA section');
  else if (/[!?]/.test(text.charAt(at + 1))) scan.enterMarkup(at + 2, 'bogus comment');
  else scan.at = at + 1;
}

const LETTER = /[a-zA-Z]/;

/** A `&` at the very end would form a character reference with the letters of a value behind it. */
function endOfText(scan: HtmlScan): void {
  if (scan.text.endsWith('&')) scan.facts.pending = '&';
  scan.at = scan.text.length;
}

function endTag(scan: HtmlScan): void {
  const next = scan.text.charAt(scan.at + 2);
  if (LETTER.test(next)) {
    scan.enterMarkup(scan.at + 2, 'tag name');
    scan.facts.element = '/';
  } else if (next === '>') scan.at += 3;
  else scan.enterMarkup(scan.at + 2, 'bogus comment');
}

/** A DOCTYPE, a processing instruction or another bogus comment ends at the first `>`, also inside quotes. */
export function bogusCommentState(scan: HtmlScan): void {
  const end = scan.text.indexOf('>', scan.at);
  if (end === -1) scan.at = scan.text.length;
  else scan.enterMarkup(end + 1, 'data');
}

/**
 * In svg and math, `<![CDATA[` ends at `]]>`. Inside HTML in them, as in foreignObject, it is a bogus comment
 * that ends at `>`. Both readings agree if the first `>` is that of `]]>`.
 */
export function cdataSectionState(scan: HtmlScan): void {
  const { facts } = scan;
  const read = facts.pending + scan.text.slice(scan.at);
  const end = read.indexOf('>');
  if (end === -1) {
    facts.pending = read.slice(-2);
    scan.at = scan.text.length;
    return;
  }
  const at = scan.at + end - facts.pending.length;
  if (!read.slice(0, end).endsWith(']]')) scan.report('cdata-unclear', at);
  scan.enterMarkup(at + 1, 'data');
}
