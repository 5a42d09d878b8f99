// The tags of a rendered document, as a browser's tokenizer finds them (WHATWG HTML 13.2.5): text that looks like a tag in a
// comment, attribute value or script is not a tag. The time is linear, because each search begins where the last one ended.
// Whole documents, unlike fragments, get additions under debug: the script of live reload, and hints for the developer.

export interface HtmlTag {
  /** In lower case; that of an end tag begins with `/`. */
  readonly name: string;
  /** The offset of its `<`. */
  readonly at: number;
}

/** Elements whose content is text. `noscript` is one of them where scripts run. */
const RAW: ReadonlySet<string> = new Set([
  'script',
  'style',
  'textarea',
  'title',
  'xmp',
  'iframe',
  'noembed',
  'noframes',
  'noscript',
]);

/** All tags, in the order of the document. */
export function* htmlTags(html: string): Generator<HtmlTag> {
  let at = html.indexOf('<');
  while (at !== -1) {
    const name = nameAt(html, at);
    const end = name === '' ? afterOther(html, at) : afterTag(html, at + 1 + name.length);
    if (end === -1) return;
    if (name !== '') yield { name, at };
    if (name === 'plaintext') return;
    const next = RAW.has(name) ? contentEnd(html, end, name) : end;
    at = next === -1 ? -1 : html.indexOf('<', next);
  }
}

function nameAt(html: string, at: number): string {
  const name = /\/?[a-zA-Z][^\t\n\f\r />]*/y;
  name.lastIndex = at + 1;
  return (name.exec(html)?.[0] ?? '').toLowerCase();
}

/** The offset after a comment, a doctype, or a `<` that begins nothing; -1 if it does not end. */
function afterOther(html: string, at: number): number {
  if (html.startsWith('<!--', at)) return afterSearch(/-->|(?<!<!)--!>/g, html, at + '<!'.length);
  return /[!?/]/.test(html.charAt(at + 1)) ? afterSearch(/>/g, html, at + 1) : at + 1;
}

/** The offset after the `>` of a tag whose name has been read; -1 if it does not end. */
function afterTag(html: string, from: number): number {
  let at = afterMatch(/[\t\n\f\r /]*/y, html, from);
  while (at < html.length && html.charAt(at) !== '>') {
    // An equals sign at the start belongs to the name.
    at = afterMatch(/[^\t\n\f\r />=]*/y, html, at + 1);
    const value = afterMatch(/[\t\n\f\r ]*=[\t\n\f\r ]*/y, html, at);
    if (value !== at) at = afterValue(html, value);
    if (at === -1) return -1;
    at = afterMatch(/[\t\n\f\r /]*/y, html, at);
  }
  return at < html.length ? at + 1 : -1;
}

function afterValue(html: string, at: number): number {
  const quote = html.charAt(at);
  if (quote !== '"' && quote !== "'") return afterMatch(/[^\t\n\f\r >]*/y, html, at);
  const end = html.indexOf(quote, at + 1);
  return end === -1 ? -1 : end + 1;
}

/** The offset after a match at `at`, or `at` itself if there is none. */
function afterMatch(what: RegExp, html: string, at: number): number {
  what.lastIndex = at;
  return at + (what.exec(html)?.[0].length ?? 0);
}

/** The offset of the end tag of an element whose content is text; -1 if there is none. */
function contentEnd(html: string, from: number, name: string): number {
  if (name === 'script') return scriptEnd(html, from);
  // linear: a fixed name and one character behind it
  const end = new RegExp(`</${name}(?=[\\t\\n\\f\\r />])`, 'gi');
  end.lastIndex = from;
  return end.exec(html)?.index ?? -1;
}

/**
 * The offset of the end tag of a script. After `<!-- <script` and before `-->`, an end tag ends the inner script (13.2.5.26
 * ff.).
 */
function scriptEnd(html: string, from: number): number {
  const marks = /<!--|-->|<(\/?)script(?=[\t\n\f\r />])/gi;
  marks.lastIndex = from;
  let depth = 0;
  for (let match = marks.exec(html); match !== null; match = marks.exec(html)) {
    const [mark, slash] = match;
    if (mark === '-->') depth = 0;
    else if (mark === '<!--') {
      depth ||= 1;
      // Its dashes may be those of `-->`: `<!-->` is both.
      marks.lastIndex = match.index + '<!'.length;
    } else if (slash === '') depth = depth === 0 ? 0 : 2;
    else if (depth === 2) depth = 1;
    else return match.index;
  }
  return -1;
}

function afterSearch(mark: RegExp, html: string, from: number): number {
  mark.lastIndex = from;
  const match = mark.exec(html);
  return match === null ? -1 : match.index + match[0].length;
}

/**
 * Whether a text is a whole document. An empty text counts as one, so that a page that was read while it was being saved is
 * reloaded.
 */
export function isHtmlDocument(html: string): boolean {
  if (html === '') return true;
  for (const { name } of htmlTags(html)) if (name === 'html' || name === '/body') return true;
  return false;
}

/** The document with markup inserted before the end of its body. */
export function insertedIntoBody(html: string, markup: string): string {
  let end = html.length;
  for (const { name, at } of htmlTags(html)) if (name === '/body') end = at;
  return html.slice(0, end) + markup + html.slice(end);
}
