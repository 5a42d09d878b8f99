// Finds the bracket that a syntax error is about, so that an unclosed bracket is reported where it was opened. The
// search reads tokens only, because the source does not parse.

import { type Token, tokenizer, tokTypes } from 'acorn';

/** A bracket and its offset. */
export interface BracketToken {
  readonly text: string;
  readonly offset: number;
}

/** The fault among the brackets before a syntax error. */
export type BracketFault =
  | { readonly kind: 'unclosed'; readonly open: BracketToken; readonly close: BracketToken | undefined }
  | { readonly kind: 'unopened'; readonly close: BracketToken };

const CLOSES: Readonly<Record<string, string>> = { '{': '}', '${': '}', '(': ')', '[': ']' };

/** The first bracket up to and including `offset` that does not match; undefined if all of them match. */
export function bracketFault(source: string, offset: number): BracketFault | undefined {
  const open: BracketToken[] = [];
  for (const token of tokensUpTo(source, offset)) {
    const text = source.slice(token.start, token.end);
    if (opens(token)) open.push({ text, offset: token.start });
    else if (closes(token)) {
      const close = { text, offset: token.start };
      const last = open.pop();
      if (last === undefined) return { kind: 'unopened', close };
      if (CLOSES[last.text] !== text) return { kind: 'unclosed', open: last, close };
    }
  }
  const last = open.at(-1);
  return last && { kind: 'unclosed', open: last, close: undefined };
}

function opens({ type }: Token): boolean {
  const { braceL, dollarBraceL, parenL, bracketL } = tokTypes;
  return type === braceL || type === dollarBraceL || type === parenL || type === bracketL;
}

function closes({ type }: Token): boolean {
  return type === tokTypes.braceR || type === tokTypes.parenR || type === tokTypes.bracketR;
}

/** The tokens up to the first unreadable one. */
function tokensUpTo(source: string, offset: number): Token[] {
  const tokens: Token[] = [];
  const reader = tokenizer(source, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true });
  try {
    for (
      let token = reader.getToken();
      token.type !== tokTypes.eof && token.start <= offset;
      token = reader.getToken()
    ) {
      tokens.push(token);
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return tokens;
}
