// A text as a literal of JavaScript on one line.

export function textLiteral(text: string): string {
  return JSON.stringify(text).replace(/[\u2028\u2029]/g, (mark) =>
    mark === '\u2028' ? '\\u2028' : '\\u2029',
  );
}
