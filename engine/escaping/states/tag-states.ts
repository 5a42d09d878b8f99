// The states inside a tag, outside of attribute values: names, blanks, `=` and `>` (WHATWG HTML 13.2.5.8 to 13.2.5.40).

import type { HtmlScan } from '../html-scan.ts';
import { afterTag } from './after-tag.ts';
import { attributeNamed, attributeWithoutValue } from './attribute-language.ts';

/**
 * <p title=a>
 *  ^ the name of the element
 */
export function tagNameState(scan: HtmlScan): void {
  const end = endOf(/[\t\n\f\r />]/g, scan);
  scan.facts.element += lowerCase(scan.text.slice(scan.at, end));
  scan.moveTo(end, end === scan.text.length ? 'tag name' : 'before attribute name');
}

/**
 * <p class="a" id=b>
 *   ^         ^ blanks, `/` or `>`
 */
export function beforeAttributeNameState(scan: HtmlScan): void {
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

/**
 * <p<% if (a) { %> class="x"<% } %> id>
 *                                  ^ a blank or the end of the tag must follow
 */
export function betweenAttributesState(scan: HtmlScan): void {
  if (!/[\t\n\f\r />]/.test(scan.text.charAt(scan.at))) scan.report('branches-in-tag');
  scan.facts.attribute = '';
  scan.facts.state = 'before attribute name';
}

/**
 * <p class="a">
 *    ^ the name of the attribute; an equals sign at its start belongs to it
 */
export function attributeNameState(scan: HtmlScan): void {
  const { facts } = scan;
  const from = facts.attribute === '' ? scan.at + 1 : scan.at;
  const end = Math.min(endOf(/[\t\n\f\r />=]/g, scan, from), scan.text.length);
  facts.attribute += lowerCase(scan.text.slice(scan.at, end));
  scan.at = end;
  if (!scan.ended) facts.state = 'after attribute name';
}

/**
 * <p class = "a">
 *         ^ blanks, then `=` or the next attribute
 */
export function afterAttributeNameState(scan: HtmlScan): void {
  scan.at = endOf(/[^\t\n\f\r ]/g, scan);
  if (scan.ended) return;
  if (scan.text.charAt(scan.at) === '=') {
    scan.at++;
    attributeNamed(scan.facts);
  } else attributeWithoutValue(scan.facts);
}

/**
 * <p class= "a">
 *          ^ blanks, then the value; `class=>` has an empty one
 */
export function beforeAttributeValueState(scan: HtmlScan): void {
  const { facts } = scan;
  const end = endOf(/[^\t\n\f\r ]/g, scan);
  scan.at = end;
  if (scan.ended) return;
  facts.state = 'attribute value';
  const next = scan.text.charAt(end);
  if (next === '"' || next === "'") {
    facts.quote = next;
    scan.at = end + 1;
  } else {
    facts.quote = '';
    scan.valueStart = end;
  }
}

/** Lower-cases ASCII letters and no others: names do not compare equal to `K` (the Kelvin sign). */
export function lowerCase(name: string): string {
  return /[A-Z]/.test(name) ? name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : name;
}

function endOf(what: RegExp, scan: HtmlScan, from = scan.at): number {
  what.lastIndex = from;
  return what.exec(scan.text)?.index ?? scan.text.length;
}
