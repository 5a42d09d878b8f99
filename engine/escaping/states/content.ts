// The content of script, style, textarea, title and the like, up to their end tag.

import { changed, TEXT } from '../context.ts';
import type { Scan } from '../scan.ts';

/** `<title>a|b</title>` */
export function content(scan: Scan): void {
  const { element, foreign } = scan.context;
  const end = new RegExp(`</${element}(?=[\\t\\n\\f\\r />])`, 'gi');
  end.lastIndex = scan.at;
  const match = end.exec(scan.text);
  if (match === null) {
    scan.at = scan.text.length;
    return;
  }
  scan.enter(match.index + match[0].length, changed(TEXT, { state: 'tag', element: `/${element}`, foreign }));
}
