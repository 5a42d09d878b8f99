// Character references in attribute values (WHATWG HTML 13.2.5.72 to 13.2.5.80). Only their meaning in a URL, script or
// style matters. So of the 2,231 names the table has those for ASCII characters, and all others decode to U+FFFD, which
// counts as a letter.

const REFERENCE_NAMES: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  Tab: '\t',
  NewLine: '\n',
  nbsp: '\u00a0',
  NonBreakingSpace: '\u00a0',
  excl: '!',
  quot: '"',
  QUOT: '"',
  num: '#',
  dollar: '$',
  percnt: '%',
  amp: '&',
  AMP: '&',
  apos: "'",
  lpar: '(',
  rpar: ')',
  ast: '*',
  midast: '*',
  plus: '+',
  comma: ',',
  period: '.',
  sol: '/',
  colon: ':',
  semi: ';',
  lt: '<',
  LT: '<',
  nvlt: '<\u20d2',
  equals: '=',
  bne: '=\u20e5',
  gt: '>',
  GT: '>',
  nvgt: '>\u20d2',
  quest: '?',
  commat: '@',
  lsqb: '[',
  lbrack: '[',
  bsol: '\\',
  rsqb: ']',
  rbrack: ']',
  Hat: '^',
  lowbar: '_',
  UnderBar: '_',
  grave: '`',
  DiacriticalGrave: '`',
  fjlig: 'fj',
  lcub: '{',
  lbrace: '{',
  verbar: '|',
  vert: '|',
  VerticalLine: '|',
  rcub: '}',
  rbrace: '}',
} satisfies Record<string, string>);

/** References that need no semicolon, unless a letter, a digit or `=` follows. */
const WITHOUT_SEMICOLON = /^(?:amp|AMP|lt|LT|gt|GT|quot|QUOT|nbsp)$/;

const REFERENCE = /&(?:#[xX]([0-9a-fA-F]+);?|#([0-9]+);?|([a-zA-Z][a-zA-Z0-9]*)(;?))/g;

/** Text with its references decoded. */
export interface DecodedText {
  readonly text: string;
  /** The offset in the source of each character; undefined if nothing was decoded. */
  readonly offsets: readonly number[] | undefined;
}

/** Decodes an attribute's value to the text that scripts and URL parsers read. */
export function decodeReferences(source: string): DecodedText {
  if (!source.includes('&')) return { text: source, offsets: undefined };
  const offsets: number[] = [];
  let text = '';
  let done = 0;
  const add = (piece: string, from: number, step: number) => {
    for (let index = 0; index < piece.length; index++) offsets.push(from + index * step);
    text += piece;
  };
  for (const match of source.matchAll(REFERENCE)) {
    const character = characterOf(match, source.charAt(match.index + match[0].length));
    if (character === undefined) continue;
    add(source.slice(done, match.index), done, 1);
    add(character, match.index, 0);
    done = match.index + match[0].length;
  }
  add(source.slice(done), done, 1);
  return { text, offsets };
}

function characterOf(match: RegExpExecArray, next: string): string | undefined {
  const [, hexadecimal, decimal, name, semicolon] = match;
  if (name === undefined)
    return codePoint(Number.parseInt(hexadecimal ?? decimal ?? '', hexadecimal ? 16 : 10));
  if (semicolon === ';') return REFERENCE_NAMES[name] ?? '\uFFFD';
  return WITHOUT_SEMICOLON.test(name) && next !== '=' ? REFERENCE_NAMES[name] : undefined;
}

function codePoint(value: number): string {
  if (value === 0 || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return '\uFFFD';
  return String.fromCodePoint(value);
}

/** Whether a text ends inside a reference that further letters or digits may complete. */
export function endsInReference(text: string): boolean {
  return /&(?:#[xX]?[0-9a-fA-F]*|[a-zA-Z][a-zA-Z0-9]*)$/.test(text);
}
