// Element text, comments, declarations (WHATWG HTML 13.2.5.1, .6, .7, .41 to .56 and .69 to .71).

import type { Scan } from '../html-scan.ts';

/** `Hello |<b>` */
export function text(scan: Scan): void {
  const { text, facts } = scan;
  facts.pending = '';
  const at = text.indexOf('<', scan.at);
  if (at === -1) {
    endOfText(scan);
    return;
  }
  scan.at = at;
  if (LETTER.test(text.charAt(at + 1))) scan.enter(at + 1, 'tag name');
  else if (/^<\/?$|^<!(?:-|\[C?D?A?T?A?)?$/.test(text.slice(at))) scan.hold();
  else if (text.startsWith('</', at)) endTag(scan);
  else if (text.startsWith('<!--', at)) {
    scan.enter(at + 4, 'comment');
    facts.pending = '<!--';
  } else if (text.startsWith('<![CDATA[', at) && facts.foreign !== '') scan.enter(at + 9, 'cdata');
  else if (/[!?]/.test(text.charAt(at + 1))) scan.enter(at + 2, 'declaration');
  else scan.at = at + 1;
}

const LETTER = /[a-zA-Z]/;

/** A `&` at the very end would make a reference of the letters of a value behind it. */
function endOfText(scan: Scan): void {
  if (scan.text.endsWith('&')) scan.facts.pending = '&';
  scan.at = scan.text.length;
}

function endTag(scan: Scan): void {
  const next = scan.text.charAt(scan.at + 2);
  if (LETTER.test(next)) {
    scan.enter(scan.at + 2, 'tag name');
    scan.facts.element = '/';
  } else if (next === '>') scan.at += 3;
  else scan.enter(scan.at + 2, 'declaration');
}

/** Doctypes, processing instructions and other bogus comments end at the first `>`, in quotes too. */
export function declaration(scan: Scan): void {
  const end = scan.text.indexOf('>', scan.at);
  if (end === -1) scan.at = scan.text.length;
  else scan.enter(end + 1, 'text');
}

/**
 * `<![CDATA[` in svg and math ends at `]]>`; where HTML stands in them, as in foreignObject, it is a bogus comment
 * that ends at `>`. Both agree when the first `>` is that of `]]>`.
 */
export function cdata(scan: Scan): void {
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
  scan.enter(at + 1, 'text');
}
