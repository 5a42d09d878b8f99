// Inside an attribute's value, up to its quote or, without quotes, to a blank or `>`.

import type { ContextFacts } from '../context-facts.ts';
import type { Scan } from '../html-scan.ts';
import { attributeEnded } from './attribute-language.ts';
import { decoded, endsInReference } from './character-references.ts';
import { STEPS } from './languages.ts';

/** `href="/a|b"` */
export function value(scan: Scan): void {
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

function unquotedEnd(scan: Scan): number {
  const blank = /[\t\n\f\r >]/g;
  blank.lastIndex = scan.at;
  return blank.exec(scan.text)?.index ?? -1;
}

/** The value goes on behind this text. Without quotes it gets them, or an empty output would take the next attribute. */
function restOfText(scan: Scan): void {
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

/** In a query nothing that a reference may give ends anything. */
function needsReferences({ url, language }: ContextFacts): boolean {
  return url !== 'component' && language !== 'plain' && language !== 'meta content';
}

/** What is odd but possible without quotes would end the value that gets them; a leading `=` is a slip. */
function checkUnquoted(scan: Scan, start: number, end: number): void {
  const text = scan.text.slice(start, end);
  const odd = (start === scan.valueStart ? /^=|["'<`]/ : /["'<`]/).exec(text);
  if (odd !== null) scan.report('unquoted-value', start + odd.index);
}

/** Moves the facts over the text up to `end`. */
function read(scan: Scan, end: number): void {
  const { at, facts } = scan;
  const { text, offsets } = decoded(scan.text.slice(at, end));
  STEPS[facts.language](facts, text, (code, index) => scan.report(code, at + (offsets?.[index] ?? index)));
}
