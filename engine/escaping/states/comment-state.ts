// The comment states: which `>` ends a comment (WHATWG HTML 13.2.5.43 to 13.2.5.52).

import type { HtmlScan } from '../html-scan.ts';

/**
 * `<!-- a |-->`. `pending` holds the start (`<!--`) or the dashes at the end of the text so far. A `~` in it stands
 * for a value that may be empty, so the comment must end at the same point with and without these characters.
 */
export function commentState(scan: HtmlScan): void {
  const { pending } = scan.facts;
  const read = scan.text.slice(scan.at);
  const found = ending(pending.replace('~', ''), read);
  if (pending.includes('~') && !same(found, ending('', read))) scan.report('comment-around-output');
  if (found.end === undefined) {
    scan.facts.pending = found.pending;
    scan.at = scan.text.length;
  } else scan.enterMarkup(scan.at + found.end, 'data');
}

interface CommentEnd {
  /** The index behind the `>` that ends the comment. */
  readonly end: number | undefined;
  readonly pending: string;
}

function ending(pending: string, read: string): CommentEnd {
  const fresh = pending.startsWith('<!--');
  const carried = fresh ? pending.slice(4) : pending;
  const data = carried + read;
  const match = (fresh ? /^-?>|--!?>/ : /--!?>/).exec(data);
  if (match !== null) return { end: match.index + match[0].length - carried.length, pending: '' };
  return { end: undefined, pending: fresh && /^-?$/.test(data) ? `<!--${data}` : dashes(data) };
}

function same(a: CommentEnd, b: CommentEnd): boolean {
  return a.end === b.end && a.pending === b.pending;
}

function dashes(data: string): string {
  return /(?:--?|--!)$/.exec(data)?.[0] ?? '';
}
