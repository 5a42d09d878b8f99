// Turns a SyntaxError of the parser into a Problem: with its position, in plain words, and for mismatched brackets with
// the position of the fault in place of the position at which the parser stopped.

import { Lines } from '../../diagnostics/position.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { type BracketFault, bracketFault } from './bracket-fault.ts';
import { afterTrivia, wordAt } from './trivia.ts';

/** Messages of the parser and their replacements. */
const WORDINGS: readonly (readonly [RegExp, string])[] = [
  [/^Unterminated string constant/, 'this string is not closed on its line'],
  [/^Unterminated template/, 'this template literal (`…`) is not closed'],
  [/^Unterminated comment/, 'this comment is not closed: */ is missing'],
  [/^Unterminated regular expression/, 'this regular expression is not closed'],
  [/^Identifier '(.+)' has already been declared/, "'$1' is declared twice in the same scope"],
  [
    /^Export '(.+)' is not defined/,
    "'$1' is exported, but not declared (write `export type { $1 }` if it is a type)",
  ],
  [/^Duplicate export '(.+)'/, "'$1' is exported twice"],
  [
    /^'import' and 'export' may only appear at the top level/,
    'import and export may only stand at the top level',
  ],
  [/^Assigning to rvalue/, 'a value cannot be assigned to this expression'],
  [/^Unsyntactic break/, 'break must stand in a loop or a switch'],
  [/^Unsyntactic continue/, 'continue must stand in a loop'],
  [/=>/, 'this modifier is not allowed here'],
];

/** The Problem for a SyntaxError of the parser. Other errors are thrown unchanged. */
export function syntaxProblem(error: unknown, source: string, file: string): Problem {
  if (!isParserError(error)) throw error;
  const offset = Math.min(error.pos, source.length);
  const message = error.message.replace(/ \(\d+:\d+\)$/, '');
  const fault = /^Unexpected token|^Unterminated template/.test(message)
    ? bracketFault(source, offset)
    : undefined;
  const atEnd = afterTrivia(source, offset) >= source.length;
  if (fault !== undefined && explains(fault, offset, atEnd)) return bracketProblem(fault, source, file);
  const problem = atEnd
    ? 'the code ends here, where more was expected'
    : inPlainWords(message, source, offset);
  return new Problem('syntax', { params: { problem }, file, ...new Lines(source).at(offset) });
}

/** The message of the parser in plain words. */
export function inPlainWords(message: string, source: string, offset: number): string {
  if (message.startsWith('Unexpected token')) return `${tokenAt(source, offset)} was not expected here`;
  for (const [pattern, wording] of WORDINGS) {
    const match = pattern.exec(message);
    if (match !== null) return wording.replaceAll('$1', match[1] ?? '');
  }
  return message.charAt(0).toLowerCase() + message.slice(1);
}

function tokenAt(source: string, offset: number): string {
  const word = wordAt(source, offset);
  return `'${word === '' ? String.fromCodePoint(source.codePointAt(offset) ?? 0x20) : word}'`;
}

/**
 * An open bracket explains an error at the end of the code; a mismatched one explains an error at its closing
 * bracket.
 */
function explains(fault: BracketFault, offset: number, atEnd: boolean): boolean {
  return fault.kind === 'unopened' || fault.close !== undefined ? fault.close?.offset === offset : atEnd;
}

function bracketProblem(fault: BracketFault, source: string, file: string): Problem {
  const lines = new Lines(source);
  if (fault.kind === 'unopened') {
    const place = lines.at(fault.close.offset);
    return new Problem('unexpected-close', { params: { bracket: fault.close.text }, file, ...place });
  }
  const { open, close } = fault;
  const end = close === undefined ? 'the end' : `the '${close.text}' in line ${lines.at(close.offset).line}`;
  return new Problem('unclosed-bracket', {
    params: { bracket: open.text, end },
    file,
    ...lines.at(open.offset),
  });
}

function isParserError(error: unknown): error is SyntaxError & { readonly pos: number } {
  return error instanceof SyntaxError && 'pos' in error && typeof error.pos === 'number';
}
