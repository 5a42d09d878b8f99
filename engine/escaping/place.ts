// Which outputs stand where escaping as HTML text is not enough. It follows the static HTML in the order of the source,
// as the WHATWG tokenizer would, without regard to branches; the compiler warns about what it finds.

/** Where an output stands. */
export type Place =
  | 'text'
  | 'quoted attribute'
  | 'unquoted attribute'
  | 'tag'
  | 'script'
  | 'style'
  | 'comment'
  | 'event handler'
  | 'style attribute'
  | 'start of a URL';

/** Follows static HTML piece by piece. */
export class PlaceTracker {
  #state: 'text' | 'tag' | 'value' | 'comment' | 'rawtext' = 'text';
  #element = '';
  #attribute = '';
  #quote = '';
  #value = '';
  /** The unfinished end of a tag: what was read of it so far. */
  #tag = '';

  /** The place after the HTML that was given so far. */
  get place(): Place {
    if (this.#state === 'comment') return 'comment';
    if (this.#state === 'rawtext')
      return this.#element === 'script' || this.#element === 'style' ? this.#element : 'text';
    if (this.#state === 'value') return this.#valuePlace();
    if (this.#state === 'tag') return /=\s*$/.test(this.#tag) ? 'unquoted attribute' : 'tag';
    return 'text';
  }

  /** Goes on over more HTML. */
  add(text: string): void {
    let rest = text;
    while (rest !== '') rest = this.#step(rest);
  }

  /** A value was printed here. */
  output(): void {
    if (this.#state === 'value') this.#value += 'x';
    else if (this.#state === 'tag') this.#tag += 'x';
  }

  #valuePlace(): Place {
    const name = this.#attribute;
    if (name.startsWith('on')) return 'event handler';
    if (name === 'style') return 'style attribute';
    if (this.#quote === '') return 'unquoted attribute';
    if (URL_ATTRIBUTES.has(name) && this.#value.trim() === '') return 'start of a URL';
    return 'quoted attribute';
  }

  #step(text: string): string {
    if (this.#state === 'text') return this.#text(text);
    if (this.#state === 'comment') return this.#until(text, '-->', 'text');
    if (this.#state === 'rawtext') return this.#rawText(text);
    if (this.#state === 'value') return this.#inValue(text);
    return this.#inTag(text);
  }

  #text(text: string): string {
    const match = /<!--|<\/?([a-zA-Z][^\s/>]*)/.exec(text);
    if (match === null) return '';
    this.#state = match[1] === undefined ? 'comment' : 'tag';
    this.#element = (match[0].startsWith('</') ? '/' : '') + (match[1] ?? '').toLowerCase();
    this.#tag = ' ';
    return text.slice(match.index + match[0].length);
  }

  #until(text: string, end: string, next: 'text'): string {
    const at = text.indexOf(end);
    if (at === -1) return '';
    this.#state = next;
    return text.slice(at + end.length);
  }

  #rawText(text: string): string {
    const match = new RegExp(`</${this.#element}(?=[\\s/>])`, 'i').exec(text);
    if (match === null) return '';
    this.#state = 'tag';
    this.#element = `/${this.#element}`;
    this.#tag = ' ';
    return text.slice(match.index + match[0].length);
  }

  #inTag(text: string): string {
    const match = /["'>]/.exec(text);
    this.#tag += text.slice(0, match?.index ?? text.length);
    if (match === null) return '';
    if (match[0] === '>') this.#state = RAW_TEXT.has(this.#element) ? 'rawtext' : 'text';
    else this.#openValue(match[0]);
    return text.slice(match.index + 1);
  }

  #openValue(quote: string): void {
    this.#state = 'value';
    this.#quote = quote;
    this.#value = '';
    this.#attribute = (/([^\s=/]+)\s*=\s*$/.exec(this.#tag)?.[1] ?? '').toLowerCase();
  }

  #inValue(text: string): string {
    const at = text.indexOf(this.#quote);
    this.#value += at === -1 ? text : text.slice(0, at);
    if (at === -1) return '';
    this.#state = 'tag';
    this.#tag = ' ';
    return text.slice(at + 1);
  }
}

const RAW_TEXT: ReadonlySet<string> = new Set(['script', 'style', 'textarea', 'title']);
const URL_ATTRIBUTES: ReadonlySet<string> = new Set([
  'href',
  'src',
  'action',
  'formaction',
  'data',
  'poster',
  'cite',
  'background',
]);

/** What to do instead, where escaping as text is not enough. */
export const ADVICE: Readonly<Partial<Record<Place, string>>> = {
  'unquoted attribute': 'Put quotes around the value.',
  tag: 'Write the attribute’s name in the page and print its value in quotes.',
  script: 'Put the value into a data- attribute and read it from the script.',
  style: 'Put the value where it is quoted, or choose between classes.',
  comment: 'Use `<%# %>` for remarks.',
  'event handler': 'Put the value into a data- attribute and read it from the handler.',
  'style attribute': 'Choose between classes instead.',
  'start of a URL': 'Begin the URL in the page (`/products/`), or check the scheme before printing.',
};
