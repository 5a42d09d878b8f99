// The content of script, style, textarea, title and the like, up to their end tag (WHATWG HTML 13.2.5.2 to 5 and 9 to 31).

import { changed, textFacts } from '../context.ts';
import type { ContextFacts } from '../context-facts.ts';
import type { Scan } from '../scan.ts';
import { STEPS } from './steps.ts';

/** `<title>a|b</title>`. `pending` holds what may begin the end tag or, in a script, `<!--`; it was read already. */
export function content(scan: Scan): void {
  const { context } = scan;
  if (context.element === 'plaintext') {
    scan.at = scan.text.length;
    return;
  }
  if (context.pending.includes('~')) checkBehindOutput(scan);
  const carried =
    /^[<-]/.test(scan.context.pending) && !scan.context.pending.includes('~') ? scan.context.pending : '';
  const read = carried + scan.text.slice(scan.at);
  const found = endTag(read, scan.context);
  const length = (found.end ?? read.length) - carried.length;
  checkForeign(scan, Math.max(length, 0));
  const inside = stepped(scan, Math.max(length, 0));
  if (found.end === undefined) {
    const pending = context.language === 'plain' && scan.text.endsWith('&') ? '&' : found.pending;
    scan.enter(scan.text.length, changed(inside, { pending, escaped: found.escaped }));
    return;
  }
  if (inside.dynamic && OPEN.has(inside.mode)) scan.report('content-ends-early', scan.at + length);
  const element = `/${context.element}`;
  scan.enter(scan.at + length + context.element.length + 2, textFacts(context, { state: 'tag', element }));
}

/** Modes in which the author cannot have meant an element to end. */
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

/** `<` before a value that may be empty: what follows it may come to stand behind the `<`. */
function checkBehindOutput(scan: Scan): void {
  if (/[/!]/.test(scan.text.charAt(scan.at))) scan.report('tag-around-output', scan.at);
  scan.go(scan.at, { pending: '' });
}

interface End {
  /** Where `</` of the end tag stands. */
  readonly end: number | undefined;
  readonly escaped: number;
  readonly pending: string;
}

function endTag(read: string, context: ContextFacts): End {
  if (context.element === 'script') return scriptEnd(read, context.escaped);
  // linear: a fixed name and one character behind it
  const match = new RegExp(`</${context.element}(?=[\\t\\n\\f\\r />])`, 'i').exec(read);
  const pending = beginning(read, [`</${context.element}`]);
  return { end: match?.index, escaped: 0, pending };
}

/** In `<!-- <script` an end tag ends only what began there, until `-->`. */
function scriptEnd(read: string, before: number): End {
  const marks = /<!--|-->|<(\/?)script(?=[\t\n\f\r />])/gi;
  let escaped = before;
  for (let match = marks.exec(read); match !== null; match = marks.exec(read)) {
    if (match[0] === '-->') escaped = 0;
    else if (match[0] === '<!--') {
      escaped ||= 1;
      // Its dashes may be those of `-->`: `<!-->` is both.
      marks.lastIndex = match.index + 2;
    } else if (match[1] === '') escaped = escaped === 0 ? 0 : 2;
    else if (escaped === 2) escaped = 1;
    else return { end: match.index, escaped: 0, pending: '' };
  }
  const starts = escaped === 0 ? ['</script', '<!--', '--'] : ['</script', '<script', '<!--', '--'];
  return { end: undefined, escaped, pending: beginning(read, starts) };
}

/** The longest end of `read` that begins one of the marks. */
function beginning(read: string, marks: readonly string[]): string {
  for (let length = Math.min(read.length, 20); length > 0; length--) {
    const tail = read.slice(-length).toLowerCase();
    if (marks.some((mark) => mark.startsWith(tail))) return read.slice(-length);
  }
  return '';
}

/**
 * In svg and math these elements are ordinary: `<` begins a tag in them and references are decoded. Without either, both
 * ways to read them agree. CDATA is the usual way to write such styles.
 */
function checkForeign(scan: Scan, length: number): void {
  const { foreign, language } = scan.context;
  if (foreign === '') return;
  const text = scan.text.slice(scan.at, scan.at + length);
  const plain = text.replace(/<!\[CDATA\[[^<&]*?\]\]>/g, (section) => ' '.repeat(section.length));
  const odd = (language === 'plain' ? /</ : /<|&(?=[a-zA-Z#]|$)/).exec(plain);
  if (odd !== null) scan.report('foreign-content', scan.at + odd.index);
}

function stepped(scan: Scan, length: number): ContextFacts {
  const start = scan.at;
  return STEPS[scan.context.language](scan.context, scan.text.slice(start, start + length), (code, index) =>
    scan.report(code, start + index),
  );
}
