// Finds the `%>` that ends a block: one inside a string, template literal, regular expression or `/* */` does not,
// one inside a `//` comment does (contract section 5). It reads tokens, not syntax: whether a `/` divides is told by
// the token before it and by what kind of bracket was closed, as in ECMA-262 section 12 (goal symbols).

/** Where a block ends; `at` is -1 when it does not, and `inside` then names what was open. */
export interface BlockEndResult {
  readonly at: number;
  readonly openComment: number;
  readonly inside: string | undefined;
  /** The innermost bracket that is still open at the end. */
  readonly open: Bracket | undefined;
  /** The first closing bracket that closed nothing. */
  readonly stray: Bracket | undefined;
  /** The word that the block begins with; empty when it begins with something else. */
  readonly firstWord: string;
  /** The punctuator or word at its end, comments left out; empty for an empty block. */
  readonly lastToken: string;
}

/** A bracket. `regexAfter`: a `/` right after its closing begins a regular expression. */
export interface Bracket {
  readonly start: number;
  /** A bracket, or the `${` of a template literal. */
  readonly text: string;
  readonly regexAfter: boolean;
}

const WORD = /[\p{ID_Continue}$\\\u200c\u200d]+/uy;
const NUMBER = /\.?\d(?:[eE][+-]|[\w.])*/y;
const REGEX = /\/(?:[^\\/[\n\r]|\\.|\[(?:[^\]\\\n\r]|\\.)*\])+\/\w*/y;
/** Words after which an expression begins. */
const BEFORE_EXPRESSION = new Set(
  'return typeof instanceof in of new delete void throw case do else yield await default extends'.split(' '),
);
const BEFORE_CONDITION = new Set(['if', 'while', 'for', 'with']);

/** Scans the code of one page, block after block: brackets that one block opens are known to the next. */
export class BlockEnd {
  readonly #source: string;
  #brackets: Bracket[] = [];
  #stray: Bracket | undefined;
  #first = '';
  #openString: 'string' | undefined;
  #at = 0;
  /** Whether a `/` here begins a regular expression. */
  #regex = true;
  /** The last word or punctuator read. */
  #previous = '';

  constructor(source: string) {
    this.#source = source;
  }

  /** @param shared false for an output: its brackets are its own */
  find(start: number, shared: boolean): BlockEndResult {
    const brackets = this.#brackets;
    if (!shared) this.#brackets = [];
    this.#stray = undefined;
    this.#first = '';
    this.#openString = undefined;
    this.#at = start;
    this.#regex = true;
    this.#previous = '';
    const result = this.#run();
    if (!shared) this.#brackets = brackets;
    return result;
  }

  #run(): BlockEndResult {
    const source = this.#source;
    while (this.#at < source.length) {
      const char = source[this.#at] ?? '';
      if (char === '%' && source[this.#at + 1] === '>') return this.#end(this.#at, -1, undefined);
      if (char === '/' && source[this.#at + 1] === '/') {
        const end = this.#lineCommentEnd();
        if (end !== undefined) return end;
        continue;
      }
      const unclosed = this.#token(char);
      if (unclosed !== undefined) return this.#end(-1, -1, unclosed);
    }
    return this.#end(-1, -1, this.#openString);
  }

  #end(at: number, openComment: number, inside: string | undefined): BlockEndResult {
    const [firstWord, lastToken] = [this.#first, this.#previous];
    const open = this.#brackets.at(-1);
    return { at, openComment, inside, open, stray: this.#stray, firstWord, lastToken };
  }

  /** Reads past a `//` comment; the block's end when a `%>` stands in it. */
  #lineCommentEnd(): BlockEndResult | undefined {
    const start = this.#at;
    const stop = /[\n\r\u2028\u2029]|%>/g;
    stop.lastIndex = start;
    const match = stop.exec(this.#source);
    if (match === null) return this.#end(-1, start, undefined);
    this.#at = match.index;
    return match[0] === '%>' ? this.#end(match.index, start, undefined) : undefined;
  }

  /** Reads one token or blank; gives the name of what is not closed. */
  #token(char: string): string | undefined {
    if (char === '"' || char === "'") return this.#string(char);
    if (char === '`') return this.#template(this.#at + 1);
    if (char === '/' && this.#source[this.#at + 1] === '*') return this.#blockComment();
    if (char === '/' && this.#regex && this.#matched(REGEX)) return this.#value();
    if (/\s/.test(char)) this.#at++;
    else if (/[0-9]/.test(char) && this.#matched(NUMBER)) this.#value();
    else if (this.#matched(WORD)) this.#word();
    else if ('([{'.includes(char)) this.#open(char);
    else if (')]}'.includes(char)) return this.#close();
    else this.#punctuator(char);
    return undefined;
  }

  #lastMatch = '';

  #matched(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match === null) return false;
    this.#lastMatch = match[0];
    this.#at = pattern.lastIndex;
    return true;
  }

  #value(): undefined {
    this.#regex = false;
    this.#previous = 'value';
  }

  #word(): void {
    if (this.#previous === '') this.#first = this.#lastMatch;
    const member = this.#previous === '.' || this.#previous === '?.';
    this.#regex = !member && BEFORE_EXPRESSION.has(this.#lastMatch);
    this.#previous = member ? 'member' : this.#lastMatch;
  }

  #string(quote: string): undefined {
    const source = this.#source;
    let at = this.#at + 1;
    while (at < source.length && source[at] !== quote && source[at] !== '\n' && source[at] !== '\r') {
      if (source[at] !== '\\') at++;
      else at += source.startsWith('\r\n', at + 1) ? 3 : 2;
    }
    if (source[at] !== quote) this.#openString = 'string';
    this.#at = Math.min(at + 1, source.length);
    this.#value();
  }

  /** Reads template text from `from` to its backtick or to the next `${`. */
  #template(from: number): string | undefined {
    const source = this.#source;
    for (let at = from; at < source.length; at++) {
      const char = source[at];
      if (char === '\\') at++;
      else if (char === '`') {
        this.#at = at + 1;
        return this.#value();
      } else if (char === '$' && source[at + 1] === '{') {
        this.#brackets.push({ start: at, text: '${', regexAfter: false });
        this.#at = at + 2;
        this.#regex = true;
        this.#previous = '(';
        return undefined;
      }
    }
    return 'template literal';
  }

  #blockComment(): string | undefined {
    const end = this.#source.indexOf('*/', this.#at + 2);
    if (end === -1) return 'comment';
    this.#at = end + 2;
    return undefined;
  }

  #open(char: string): void {
    this.#brackets.push({ start: this.#at, text: char, regexAfter: this.#regexAfter(char) });
    this.#at++;
    this.#regex = true;
    this.#previous = char;
  }

  #regexAfter(bracket: string): boolean {
    if (bracket === '(') return BEFORE_CONDITION.has(this.#previous);
    return bracket === '{' && this.#opensBlock();
  }

  /** Whether a `{` here opens a block (or a body) and not an object. */
  #opensBlock(): boolean {
    if (this.#previous === ':') return this.#brackets.at(-1)?.regexAfter ?? true;
    if (this.#previous === 'do' || this.#previous === 'else' || this.#previous === '=>') return true;
    return (
      this.#previous === '' ||
      this.#previous === ')' ||
      this.#previous === '>' ||
      !this.#regex ||
      ';{}'.includes(this.#previous)
    );
  }

  #close(): string | undefined {
    const bracket = this.#brackets.pop();
    if (bracket?.text === '${') return this.#template(this.#at + 1);
    this.#previous = this.#source[this.#at] ?? '';
    if (bracket === undefined) this.#stray ??= { start: this.#at, text: this.#previous, regexAfter: false };
    this.#at++;
    this.#regex = bracket?.regexAfter ?? this.#previous === '}';
    return undefined;
  }

  #punctuator(char: string): void {
    const next = this.#source[this.#at + 1];
    const doubled = (char === '+' || char === '-') && next === char;
    const assertion = char === '!' && next !== '=' && !this.#regex;
    const arrow = char === '=' && next === '>';
    const chain = char === '?' && next === '.';
    this.#at += doubled || arrow || chain ? 2 : 1;
    if (doubled || assertion) return;
    this.#previous = arrow ? '=>' : chain ? '?.' : char;
    this.#regex = char !== '.' && !chain;
  }
}
