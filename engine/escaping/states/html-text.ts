// Element text, comments, declarations (WHATWG HTML 13.2.5.1, .6, .7, .41 to .56 and .69 to .71).

import { textFacts } from '../context.ts';
import type { Scan } from '../scan.ts';

/** `Hello |<b>` */
export function text(scan: Scan): void {
  const { text } = scan;
  if (scan.context.pending !== '') scan.go(scan.at, { pending: '' });
  const at = text.indexOf('<', scan.at);
  if (at === -1) {
    endOfText(scan);
    return;
  }
  scan.at = at;
  if (/^<\/?$|^<!(?:-|\[C?D?A?T?A?)?$/.test(text.slice(at))) scan.hold();
  else if (/[a-zA-Z]/.test(text.charAt(at + 1))) scan.enter(at + 1, startTag(scan, ''));
  else if (text.startsWith('</', at)) endTag(scan);
  else if (text.startsWith('<!--', at)) scan.enter(at + 4, markup(scan, 'comment', '<!--'));
  else if (text.startsWith('<![CDATA[', at) && scan.context.foreign !== '')
    scan.enter(at + 9, markup(scan, 'cdata', ''));
  else if (/[!?]/.test(text.charAt(at + 1))) scan.enter(at + 2, markup(scan, 'declaration', ''));
  else scan.at = at + 1;
}

/** A `&` at the very end would make a reference of the letters of a value behind it. */
function endOfText(scan: Scan): void {
  if (!scan.text.endsWith('&')) scan.at = scan.text.length;
  else scan.go(scan.text.length, { pending: '&' });
}

function endTag(scan: Scan): void {
  const next = scan.text.charAt(scan.at + 2);
  if (/[a-zA-Z]/.test(next)) scan.enter(scan.at + 2, startTag(scan, '/'));
  else if (next === '>') scan.at += 3;
  else scan.enter(scan.at + 2, markup(scan, 'declaration', ''));
}

function startTag(scan: Scan, element: '' | '/') {
  return textFacts(scan.context, { state: 'tag name', element });
}

function markup(scan: Scan, state: 'comment' | 'cdata' | 'declaration', pending: string) {
  return textFacts(scan.context, { state, pending });
}

/** Doctypes, processing instructions and other bogus comments end at the first `>`, in quotes too. */
export function declaration(scan: Scan): void {
  const end = scan.text.indexOf('>', scan.at);
  if (end === -1) scan.at = scan.text.length;
  else scan.enter(end + 1, textFacts(scan.context));
}

/**
 * `<![CDATA[` in svg and math ends at `]]>`; where HTML stands in them, as in foreignObject, it is a bogus comment
 * that ends at `>`. Both agree when the first `>` is that of `]]>`.
 */
export function cdata(scan: Scan): void {
  const read = scan.context.pending + scan.text.slice(scan.at);
  const end = read.indexOf('>');
  if (end === -1) {
    scan.go(scan.text.length, { pending: read.slice(-2) });
    return;
  }
  const at = scan.at + end - scan.context.pending.length;
  if (!read.slice(0, end).endsWith(']]')) scan.report('cdata-unclear', at);
  scan.enter(at + 1, textFacts(scan.context));
}
