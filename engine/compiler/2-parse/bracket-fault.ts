// Which brackets are open at a place of the source: to report an unclosed one where it was opened.
// Works on sources that do not parse, as far as their tokens can be told.

import { type Token, tokenizer, tokTypes } from 'acorn';

/** A bracket and its offset. */
export interface Bracket {
  readonly text: string;
  readonly offset: number;
}

/** What the brackets before a place say about a syntax error there. */
export type BracketFault =
  | { readonly kind: 'unclosed'; readonly open: Bracket; readonly close: Bracket | undefined }
  | { readonly kind: 'unopened'; readonly close: Bracket };

const CLOSES: Readonly<Record<string, string>> = { '{': '}', '${': '}', '(': ')', '[': ']' };

/** The first bracket that does not match, up to `offset` included; undefined when all that is closed was open. */
export function bracketFault(source: string, offset: number): BracketFault | undefined {
  const open: Bracket[] = [];
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

/** The tokens as far as they can be read: one that cannot ends them. */
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
