// Character references in attribute values (WHATWG HTML 13.2.5.72 to 80). Only what they stand for in a URL, a script or
// a style matters, so of the 2,231 names those are listed that give ASCII; others are a letter to us (U+FFFD).

const NAMES: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
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

/** These are references without a semicolon too, unless a letter, a digit or `=` follows. */
const WITHOUT_SEMICOLON = /^(?:amp|AMP|lt|LT|gt|GT|quot|QUOT|nbsp)$/;

const REFERENCE = /&(?:#[xX]([0-9a-fA-F]+);?|#([0-9]+);?|([a-zA-Z][a-zA-Z0-9]*)(;?))/g;

/** Text whose references were decoded. */
export interface Decoded {
  readonly text: string;
  /** The offset in the source of each character; undefined when nothing was decoded. */
  readonly offsets: readonly number[] | undefined;
}

/** An attribute's value as scripts and URLs are read from it. */
export function decoded(source: string): Decoded {
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
  if (semicolon === ';') return NAMES[name] ?? '\uFFFD';
  return WITHOUT_SEMICOLON.test(name) && next !== '=' ? NAMES[name] : undefined;
}

function codePoint(value: number): string {
  if (value === 0 || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return '\uFFFD';
  return String.fromCodePoint(value);
}

/** Whether a text ends inside a reference that more letters or digits may complete. */
export function endsInReference(text: string): boolean {
  return /&(?:#[xX]?[0-9a-fA-F]*|[a-zA-Z][a-zA-Z0-9]*)$/.test(text);
}
