// Inside an attribute's value, up to its quote or, without quotes, to a blank or `>`.

import type { Scan } from '../scan.ts';
import { attributeEnded } from './attributes.ts';

/** `href="/a|b"` */
export function value(scan: Scan): void {
  const { quote } = scan.context;
  const quoted = quote === '"' || quote === "'";
  const end = quoted ? scan.text.indexOf(quote, scan.at) : unquotedEnd(scan);
  scan.at = end === -1 ? scan.text.length : end;
  if (end === -1) return;
  if (quote === 'added') scan.insert('"', end);
  scan.enter(quoted ? end + 1 : end, attributeEnded(scan));
}

function unquotedEnd(scan: Scan): number {
  const blank = /[\t\n\f\r >]/g;
  blank.lastIndex = scan.at;
  return blank.exec(scan.text)?.index ?? -1;
}
