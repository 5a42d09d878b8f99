// White space, comments and words. Use these functions only at offsets where no string, template or regular expression
// begins.

const TRIVIA = /(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/)*/y;
const WORD = /(?:[\p{ID_Continue}$\u200c\u200d]|\\u(?:\{[0-9a-fA-F]+\}|[0-9a-fA-F]{4}))+/uy;
const LINE_BREAK = /[\n\r\u2028\u2029]/;

/** The first offset at or behind `offset` that is neither white space nor part of a comment. */
export function afterTrivia(source: string, offset: number): number {
  TRIVIA.lastIndex = offset;
  TRIVIA.test(source);
  return TRIVIA.lastIndex;
}

/** The identifier or keyword that begins at an offset; '' without one. */
export function wordAt(source: string, offset: number): string {
  WORD.lastIndex = offset;
  return WORD.exec(source)?.[0] ?? '';
}

/** Whether a line ends between two offsets. */
export function hasLineBreak(source: string, from: number, to: number): boolean {
  return LINE_BREAK.test(source.slice(from, to));
}
