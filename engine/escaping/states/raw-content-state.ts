// The RCDATA, RAWTEXT, script data and PLAINTEXT states: the content of script, style, textarea, title and the like, up
// to their end tag (WHATWG HTML 13.2.5.2 to 13.2.5.5 and 13.2.5.9 to 13.2.5.31).

import type { ContextFacts } from '../context-facts.ts';
import type { HtmlScan } from '../html-scan.ts';
import { LANGUAGE_STEPS } from './languages.ts';

/**
 * `<title>a|b</title>`. `pending` holds characters that have been read already and may begin the end tag or, in a
 * script, `<!--`.
 */
export function contentState(scan: HtmlScan): void {
  const { facts } = scan;
  const { element } = facts;
  if (element === 'plaintext') {
    scan.at = scan.text.length;
    return;
  }
  if (facts.pending.includes('~')) checkBehindOutput(scan);
  const carried = /^[<-]/.test(facts.pending) ? facts.pending : '';
  const found = endTag(carried + scan.text.slice(scan.at), facts);
  const end = found.end === undefined ? scan.text.length : scan.at + found.end - carried.length;
  read(scan, Math.max(end, scan.at));
  if (found.end === undefined) {
    facts.pending = facts.language === 'plain' && scan.text.endsWith('&') ? '&' : found.pending;
    facts.escaped = found.escaped;
    scan.at = end;
    return;
  }
  if (facts.hasOutputs && OPEN.has(facts.mode)) scan.report('content-ends-early', end);
  scan.enterMarkup(end + element.length + 2, 'before attribute name');
  facts.element = `/${element}`;
}

/** Modes in which the end of an element is probably a mistake. */
const OPEN: ReadonlySet<string> = new Set([
  '"',
  "'",
  '`',
  'regexp',
  'regexp class',
  'block comment',
  'url "',
  "url '",
]);

/** `<` before a value that may be empty: the characters behind the value may follow the `<` directly. */
function checkBehindOutput(scan: HtmlScan): void {
  if (/[/!]/.test(scan.text.charAt(scan.at))) scan.report('tag-around-output', scan.at);
  scan.facts.pending = '';
}

interface ContentEnd {
  /** The index of `</` of the end tag. */
  readonly end: number | undefined;
  readonly escaped: number;
  readonly pending: string;
}

function endTag(read: string, context: ContextFacts): ContentEnd {
  if (context.element === 'script') return scriptEnd(read, context.escaped);
  // linear: a fixed name and one character behind it
  const match = new RegExp(`</${context.element}(?=[\\t\\n\\f\\r />])`, 'i').exec(read);
  const pending = beginning(read, [`</${context.element}`]);
  return { end: match?.index, escaped: 0, pending };
}

/** In `<!-- <script`, an end tag ends only the inner script, up to `-->` (script data double escaped state). */
function scriptEnd(read: string, before: number): ContentEnd {
  const marks = /<!--|-->|<(\/?)script(?=[\t\n\f\r />])/gi;
  let escaped = before;
  for (let match = marks.exec(read); match !== null; match = marks.exec(read)) {
    if (match[0] === '-->') escaped = 0;
    else if (match[0] === '<!--') {
      escaped ||= 1;
      // Its dashes may belong to `-->`: `<!-->` is both.
      marks.lastIndex = match.index + 2;
    } else if (match[1] === '') escaped = escaped === 0 ? 0 : 2;
    else if (escaped === 2) escaped = 1;
    else return { end: match.index, escaped: 0, pending: '' };
  }
  const starts = escaped === 0 ? ['</script', '<!--', '--'] : ['</script', '<script', '<!--', '--'];
  return { end: undefined, escaped, pending: beginning(read, starts) };
}

/** The longest end of `read` that is the beginning of a mark. */
function beginning(read: string, marks: readonly string[]): string {
  for (let length = Math.min(read.length, 20); length > 0; length--) {
    const tail = read.slice(-length).toLowerCase();
    if (marks.some((mark) => mark.startsWith(tail))) return read.slice(-length);
  }
  return '';
}

/**
 * In svg and math these elements are ordinary: `<` begins a tag in them and references are decoded. Both readings
 * agree on text without either. Styles there are usually written as CDATA.
 */
function checkForeign(scan: HtmlScan, text: string): void {
  const { foreign, language } = scan.facts;
  if (foreign === '') return;
  const plain = text.replace(/<!\[CDATA\[[^<&]*?\]\]>/g, (section) => ' '.repeat(section.length));
  const odd = (language === 'plain' ? /</ : /<|&(?=[a-zA-Z#]|$)/).exec(plain);
  if (odd !== null) scan.report('foreign-content', scan.at + odd.index);
}

/** Moves the facts over the text up to `end`. */
function read(scan: HtmlScan, end: number): void {
  const { at, facts } = scan;
  const text = scan.text.slice(at, end);
  checkForeign(scan, text);
  LANGUAGE_STEPS[facts.language](facts, text, (code, index) => scan.report(code, at + index));
}
