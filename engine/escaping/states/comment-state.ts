// HTML comments: which `>` ends one (WHATWG HTML 13.2.5.43 to 13.2.5.52).

import type { Scan } from '../html-scan.ts';

/**
 * `<!-- a |-->`. `pending` holds the start, `<!--`, or dashes at the end of what was read; with `~`, a value that may
 * have been empty stands behind them, so that the comment must end at the same place with and without them.
 */
export function comment(scan: Scan): void {
  const { pending } = scan.facts;
  const read = scan.text.slice(scan.at);
  const found = ending(pending.replace('~', ''), read);
  if (pending.includes('~') && !same(found, ending('', read))) scan.report('comment-around-output');
  if (found.end === undefined) {
    scan.facts.pending = found.pending;
    scan.at = scan.text.length;
  } else scan.enter(scan.at + found.end, 'text');
}

interface Ending {
  /** Behind the `>` that ends the comment. */
  readonly end: number | undefined;
  readonly pending: string;
}

function ending(pending: string, read: string): Ending {
  const fresh = pending.startsWith('<!--');
  const carried = fresh ? pending.slice(4) : pending;
  const data = carried + read;
  const match = (fresh ? /^-?>|--!?>/ : /--!?>/).exec(data);
  if (match !== null) return { end: match.index + match[0].length - carried.length, pending: '' };
  return { end: undefined, pending: fresh && /^-?$/.test(data) ? `<!--${data}` : dashes(data) };
}

function same(a: Ending, b: Ending): boolean {
  return a.end === b.end && a.pending === b.pending;
}

function dashes(data: string): string {
  return /(?:--?|--!)$/.exec(data)?.[0] ?? '';
}
