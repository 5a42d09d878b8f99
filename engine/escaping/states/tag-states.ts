// Inside a tag, outside attribute values: names, blanks, `=` and `>` (WHATWG HTML 13.2.5.8 to 13.2.5.40).

import type { Scan } from '../html-scan.ts';
import { afterTag } from './after-tag.ts';
import { attributeNamed, attributeWithoutValue } from './attribute-language.ts';

/** `<p|`, `<p| class` */
export function tagName(scan: Scan): void {
  const end = endOf(/[\t\n\f\r />]/g, scan);
  scan.facts.element += lowerCase(scan.text.slice(scan.at, end));
  scan.go(end, end === scan.text.length ? 'tag name' : 'tag');
}

/** `<p |class="a"| id>` */
export function tag(scan: Scan): void {
  const { facts } = scan;
  const end = endOf(/[^\t\n\f\r ]/g, scan);
  if (end > scan.at) facts.pending = '';
  scan.at = end;
  if (scan.ended) return;
  const next = scan.text.charAt(end);
  if (next === '>') {
    afterTag(scan);
    return;
  }
  if (next === '/') {
    facts.pending = '/';
    scan.at = end + 1;
    return;
  }
  facts.pending = '';
  facts.attribute = '';
  facts.state = 'attribute name';
}

/** `<p<% if (a) { %> class="x"<% } %>| id>`: what comes must not go on with a name. */
export function betweenAttributes(scan: Scan): void {
  if (!/[\t\n\f\r />]/.test(scan.text.charAt(scan.at))) scan.report('branches-in-tag');
  scan.facts.attribute = '';
  scan.facts.state = 'tag';
}

/** `<p cla|ss="a">`; an equals sign at the start belongs to the name. */
export function attributeName(scan: Scan): void {
  const { facts } = scan;
  const from = facts.attribute === '' ? scan.at + 1 : scan.at;
  const end = Math.min(endOf(/[\t\n\f\r />=]/g, scan, from), scan.text.length);
  facts.attribute += lowerCase(scan.text.slice(scan.at, end));
  scan.at = end;
  if (!scan.ended) facts.state = 'after attribute name';
}

/** `<p class| = "a">` */
export function afterAttributeName(scan: Scan): void {
  scan.at = endOf(/[^\t\n\f\r ]/g, scan);
  if (scan.ended) return;
  if (scan.text.charAt(scan.at) === '=') {
    scan.at++;
    attributeNamed(scan.facts);
  } else attributeWithoutValue(scan.facts);
}

/** `<p class=| "a">`; `class=>` has an empty value. */
export function beforeValue(scan: Scan): void {
  const { facts } = scan;
  const end = endOf(/[^\t\n\f\r ]/g, scan);
  scan.at = end;
  if (scan.ended) return;
  facts.state = 'value';
  const next = scan.text.charAt(end);
  if (next === '"' || next === "'") {
    facts.quote = next;
    scan.at = end + 1;
  } else {
    facts.quote = '';
    scan.valueStart = end;
  }
}

/** Names compare without regard to the case of ASCII letters, and of no others (`K`, the Kelvin sign). */
export function lowerCase(name: string): string {
  return /[A-Z]/.test(name) ? name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : name;
}

function endOf(what: RegExp, scan: Scan, from = scan.at): number {
  what.lastIndex = from;
  return what.exec(scan.text)?.index ?? scan.text.length;
}
