// HTML comments: which `>` ends one (WHATWG HTML 13.2.5.43 to 13.2.5.52).

import { textAfter } from '../context.ts';
import type { Scan } from '../scan.ts';

/** `<!-- a |-->`. `pending` holds the start, `<!--`, or dashes at the end of what was read. */
export function comment(scan: Scan): void {
  const { pending } = scan.context;
  const fresh = pending.startsWith('<!--');
  const carried = fresh ? pending.slice(4) : pending;
  const data = carried + scan.text.slice(scan.at);
  const end = commentEnd(data, fresh);
  if (end !== -1) {
    scan.enter(scan.at + end - carried.length, textAfter(scan.context));
    return;
  }
  scan.go(scan.text.length, { pending: fresh && data.length < 2 ? `<!--${data}` : dashes(data) });
}

/** Behind the `>` that ends a comment, or -1. */
function commentEnd(data: string, fresh: boolean): number {
  const match = (fresh ? /^-?>|--!?>/ : /--!?>/).exec(data);
  return match === null ? -1 : match.index + match[0].length;
}

function dashes(data: string): string {
  return /(?:--?|--!)$/.exec(data)?.[0] ?? '';
}
