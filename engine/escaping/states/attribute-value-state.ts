// The attribute value states: up to the quote, or without quotes to a blank or `>` (WHATWG HTML 13.2.5.36 to
// 13.2.5.38).

import type { ContextFacts } from '../context-facts.ts';
import type { HtmlScan } from '../html-scan.ts';
import { attributeEnded } from './attribute-language.ts';
import { decodeReferences, endsInReference } from './character-references.ts';
import { LANGUAGE_STEPS } from './languages.ts';

/** `href="/a|b"` */
export function attributeValueState(scan: HtmlScan): void {
  const { quote } = scan.facts;
  const quoted = quote === '"' || quote === "'";
  const end = quoted ? scan.text.indexOf(quote, scan.at) : unquotedEnd(scan);
  if (end === -1) {
    restOfText(scan);
    return;
  }
  if (quote === 'added') {
    checkUnquoted(scan, scan.at, end);
    scan.insert('"', end);
  }
  read(scan, end);
  attributeEnded(scan.facts, (code) => scan.report(code, end));
  scan.at = quoted ? end + 1 : end;
}

function unquotedEnd(scan: HtmlScan): number {
  const blank = /[\t\n\f\r >]/g;
  blank.lastIndex = scan.at;
  return blank.exec(scan.text)?.index ?? -1;
}

/**
 * The value continues behind this text. An unquoted value gets quotes, because behind an empty output it would take
 * in the next attribute.
 */
function restOfText(scan: HtmlScan): void {
  const { text, facts } = scan;
  const end = text.endsWith('&') ? text.length - 1 : text.length;
  const unquoted = facts.quote === '' || facts.quote === 'added';
  if (unquoted) checkUnquoted(scan, scan.at, text.length);
  read(scan, end);
  const cut = endsInReference(text.slice(scan.at)) && needsReferences(facts);
  if (cut) scan.report('reference-cut', text.lastIndexOf('&'));
  if (end < text.length) facts.pending = '&';
  if (facts.quote === '') scan.insert('"', scan.valueStart ?? scan.at);
  if (unquoted) facts.quote = 'added';
  scan.at = text.length;
}

/** In a query no character that a reference may give ends a part of the URL. */
function needsReferences({ url, language }: ContextFacts): boolean {
  return url !== 'component' && language !== 'plain' && language !== 'meta content';
}

/** Some characters are allowed in an unquoted value but would end the quoted one. A leading `=` is a mistake. */
function checkUnquoted(scan: HtmlScan, start: number, end: number): void {
  const text = scan.text.slice(start, end);
  const odd = (start === scan.valueStart ? /^=|["'<`]/ : /["'<`]/).exec(text);
  if (odd !== null) scan.report('unquoted-value', start + odd.index);
}

/** Moves the facts over the text up to `end`. */
function read(scan: HtmlScan, end: number): void {
  const { at, facts } = scan;
  const { text, offsets } = decodeReferences(scan.text.slice(at, end));
  LANGUAGE_STEPS[facts.language](facts, text, (code, index) =>
    scan.report(code, at + (offsets?.[index] ?? index)),
  );
}
