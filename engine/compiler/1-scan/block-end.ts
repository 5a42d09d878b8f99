// Finds the `%>` that ends a block. A `%>` inside a string, template literal, regular expression or `/* */` does not
// end it; a `%>` in a `//` comment does (README.md, *The page language*). The scanner reads tokens and no syntax: whether a `/`
// divides follows from the token before it and from the kind of the bracket that was closed, as in ECMA-262 clause 12
// (goal symbols).

/** The end of a block. `at` is -1 if the block has no end; `inside` then names the token that is not closed. */
export interface BlockEndResult {
  readonly at: number;
  readonly openComment: number;
  readonly inside: string | undefined;
  /** The innermost bracket that is still open at the end. */
  readonly open: OpenBracket | undefined;
  /** The first closing bracket that matches no open one. */
  readonly stray: OpenBracket | undefined;
  /** The first word of the block; '' if it begins with something else. */
  readonly firstWord: string;
  /** The last punctuator or word, without comments; '' for an empty block. */
  readonly lastToken: string;
}

/** A bracket. `regexAfter`: a `/` behind its closing bracket begins a regular expression. */
export interface OpenBracket {
  readonly start: number;
  /** A bracket, or the `${` of a template literal. */
  readonly text: string;
  readonly regexAfter: boolean;
}

const WORD = /[\p{ID_Continue}$\\\u200c\u200d]+/uy;
const NUMBER = /\.?\d(?:[eE][+-]|[\w.])*/y;
const REGEX = /\/(?:[^\\/[\n\r]|\\.|\[(?:[^\]\\\n\r]|\\.)*\])+\/\w*/y;
/** Words behind which an expression begins. */
const BEFORE_EXPRESSION = new Set(
  'return typeof instanceof in of new delete void throw case do else yield await default extends'.split(' '),
);
const BEFORE_CONDITION = new Set(['if', 'while', 'for', 'with']);

/** Scans the code of one page, block by block. Brackets that one block opens are known to the next blocks. */
export class BlockEnd {
  readonly #source: string;
  #brackets: OpenBracket[] = [];
  #stray: OpenBracket | undefined;
  #first = '';
  #openString: 'string' | undefined;
  #at = 0;
  /** Whether a `/` at the current offset begins a regular expression. */
  #regex = true;
  /** The last word or punctuator before the current offset. */
  #previous = '';

  constructor(source: string) {
    this.#source = source;
  }

  /** @param shared false for an output, whose brackets must match within it */
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

  /** Skips a `//` comment. Returns the end of the block if the comment contains `%>`. */
  #lineCommentEnd(): BlockEndResult | undefined {
    const start = this.#at;
    const stop = /[\n\r\u2028\u2029]|%>/g;
    stop.lastIndex = start;
    const match = stop.exec(this.#source);
    if (match === null) return this.#end(-1, start, undefined);
    this.#at = match.index;
    return match[0] === '%>' ? this.#end(match.index, start, undefined) : undefined;
  }

  /** Skips one token or blank. Returns the name of a token that is not closed. */
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

  /** Skips template text from `from` to its backtick or to the next `${`. */
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

  /** Whether a `{` at the current offset opens a block (or a body) and not an object. */
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
