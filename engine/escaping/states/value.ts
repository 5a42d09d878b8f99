// Inside an attribute's value, up to its quote or, without quotes, to a blank or `>`.

import { changed } from '../context.ts';
import type { ContextFacts } from '../context-facts.ts';
import type { Scan } from '../scan.ts';
import { attributeEnded } from './attributes.ts';
import { decoded, endsInReference } from './references.ts';
import { STEPS } from './steps.ts';

/** `href="/a|b"` */
export function value(scan: Scan): void {
  const { quote } = scan.context;
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
  const ended = attributeEnded(stepped(scan, end), (code) => scan.report(code, end));
  scan.enter(quoted ? end + 1 : end, ended);
}

function unquotedEnd(scan: Scan): number {
  const blank = /[\t\n\f\r >]/g;
  blank.lastIndex = scan.at;
  return blank.exec(scan.text)?.index ?? -1;
}

/** The value goes on behind this text. Without quotes it gets them, or an empty output would take the next attribute. */
function restOfText(scan: Scan): void {
  const { text, context } = scan;
  const end = text.endsWith('&') ? text.length - 1 : text.length;
  const unquoted = context.quote === '' || context.quote === 'added';
  if (unquoted) checkUnquoted(scan, scan.at, text.length);
  const next = stepped(scan, end);
  const cut = endsInReference(text.slice(scan.at)) && needsReferences(next);
  if (cut) scan.report('reference-cut', text.lastIndexOf('&'));
  const pending = end < text.length ? '&' : next.pending;
  if (context.quote === '') scan.insert('"', scan.valueStart ?? scan.at);
  scan.enter(text.length, changed(next, { quote: unquoted ? 'added' : context.quote, pending }));
}

/** In a query nothing that a reference may give ends anything. */
function needsReferences(context: ContextFacts): boolean {
  return context.url !== 'component' && context.language !== 'plain' && context.language !== 'meta content';
}

/** What is odd but possible without quotes would end the value that gets them; a leading `=` is a slip. */
function checkUnquoted(scan: Scan, start: number, end: number): void {
  const text = scan.text.slice(start, end);
  const odd = (start === scan.valueStart ? /^=|["'<`]/ : /["'<`]/).exec(text);
  if (odd !== null) scan.report('unquoted-value', start + odd.index);
}

/** The facts behind the text up to `end`. */
function stepped(scan: Scan, end: number): ContextFacts {
  const { text, offsets } = decoded(scan.text.slice(scan.at, end));
  const start = scan.at;
  return STEPS[scan.context.language](scan.context, text, (code, index) =>
    scan.report(code, start + (offsets?.[index] ?? index)),
  );
}
