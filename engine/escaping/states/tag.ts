// Inside a tag, outside attribute values: names, blanks, `=` and `>` (WHATWG HTML 13.2.5.8 to 13.2.5.40).

import type { Scan } from '../scan.ts';
import { afterTag } from './after-tag.ts';
import { attributeNamed, attributeWithoutValue } from './attributes.ts';

/** `<p|`, `<p| class` */
export function tagName(scan: Scan): void {
  const end = endOf(/[\t\n\f\r />]/g, scan);
  const element = scan.context.element + lowerCase(scan.text.slice(scan.at, end));
  scan.go(end, { element, state: end === scan.text.length ? 'tag name' : 'tag' });
}

/** `<p |class="a"| id>` */
export function tag(scan: Scan): void {
  const end = endOf(/[^\t\n\f\r ]/g, scan);
  if (end > scan.at && scan.context.pending !== '') scan.go(scan.at, { pending: '' });
  scan.at = end;
  if (scan.ended) return;
  const next = scan.text.charAt(end);
  if (next === '>') afterTag(scan);
  else if (next === '/') scan.go(end + 1, { pending: '/' });
  else scan.go(end, { state: 'attribute name', attribute: '', pending: '' });
}

/** `<p<% if (a) { %> class="x"<% } %>| id>`: what comes must not go on with a name. */
export function betweenAttributes(scan: Scan): void {
  if (!/[\t\n\f\r />]/.test(scan.text.charAt(scan.at))) scan.report('branches-in-tag');
  scan.go(scan.at, { state: 'tag', attribute: '' });
}

/** `<p cla|ss="a">`; an equals sign at the start belongs to the name. */
export function attributeName(scan: Scan): void {
  const from = scan.context.attribute === '' ? scan.at + 1 : scan.at;
  const end = Math.min(endOf(/[\t\n\f\r />=]/g, scan, from), scan.text.length);
  const attribute = scan.context.attribute + lowerCase(scan.text.slice(scan.at, end));
  scan.go(end, { attribute });
  if (!scan.ended) scan.go(end, { state: 'after attribute name' });
}

/** `<p class| = "a">` */
export function afterAttributeName(scan: Scan): void {
  const end = endOf(/[^\t\n\f\r ]/g, scan);
  scan.at = end;
  if (scan.ended) return;
  if (scan.text.charAt(end) === '=') {
    scan.enter(end + 1, attributeNamed(scan.context));
    return;
  }
  scan.enter(end, attributeWithoutValue(scan.context));
}

/** `<p class=| "a">`; `class=>` has an empty value. */
export function beforeValue(scan: Scan): void {
  const end = endOf(/[^\t\n\f\r ]/g, scan);
  scan.at = end;
  if (scan.ended) return;
  const next = scan.text.charAt(end);
  if (next === '"' || next === "'") scan.go(end + 1, { state: 'value', quote: next });
  else {
    scan.valueStart = end;
    scan.go(end, { state: 'value', quote: '' });
  }
}

/** Names compare without regard to the case of ASCII letters, and of no others (`K`, the Kelvin sign). */
export function lowerCase(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function endOf(what: RegExp, scan: Scan, from = scan.at): number {
  what.lastIndex = from;
  return what.exec(scan.text)?.index ?? scan.text.length;
}
