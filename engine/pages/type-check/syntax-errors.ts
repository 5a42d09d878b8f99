// Which of TypeScript's errors are errors of syntax: while there is one, tsc tells no others.

/** TypeScript's codes of syntax, and of TypeScript's syntax in JavaScript files. */
const SYNTAX = /^TS(?:1|8)\d{3}$/;

/** Whether an error with this code is one of syntax. */
export function isSyntaxError({ code }: { readonly code: string }): boolean {
  return SYNTAX.test(code);
}
