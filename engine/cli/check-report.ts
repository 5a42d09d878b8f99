// Makes rows of the findings of a check, and text of the rows: one line each, in the format of tsc, and a summary.

import { isAbsolute, join, relative } from 'node:path';
import type { Code } from '../diagnostics/codes.ts';
import { excerpt } from '../diagnostics/excerpt.ts';
import { printableLine, printableLines } from '../diagnostics/printable.ts';
import type { Place } from '../diagnostics/problem.ts';
import { sourceText } from '../diagnostics/source-text.ts';
import type { Finding } from '../pages/index.ts';
import type { TypeMistake } from '../pages/type-check/index.ts';
import { isSyntaxError } from '../pages/type-check/run-tsc.ts';
import type { Paint } from '../process/colours.ts';

/** One finding, as `--json` prints it. */
export interface ReportRow {
  readonly severity: 'error' | 'warning';
  /** A code of the engine or of TypeScript. */
  readonly code: string;
  /** The path relative to the current folder. */
  readonly file: string | undefined;
  readonly line: number;
  readonly column: number;
  readonly text: string;
  readonly remedy: string;
}

/** The result of a check. */
export interface CheckResult {
  readonly rows: readonly ReportRow[];
  readonly pages: number;
  readonly types: TypesChecked;
  readonly milliseconds: number;
}

/**
 * Whether types were checked: with a version of TypeScript, not because a package is missing, or not because TypeScript
 * failed.
 */
export type TypesChecked =
  | { readonly kind: 'checked'; readonly version: string }
  | { readonly kind: 'missing'; readonly packages: readonly string[] }
  | { readonly kind: 'failed' };

export function rowOfFinding(finding: Finding, root: string): ReportRow {
  return reportRow(finding.severity === 'error' ? finding.problem : finding.warning, finding.severity, root);
}

export function reportRow(
  found: Place & { readonly code: string; readonly text: string; readonly remedy: string },
  severity: ReportRow['severity'],
  root: string,
): ReportRow {
  const { code, text, remedy, line = 1, column = 1 } = found;
  return { severity, code, file: fileFromHere(found, root), line, column, text, remedy };
}

/**
 * The rows of type errors that the compiler has not reported already.
 * @param known the rows of the compiler
 */
export function rowsOfTypes(
  mistakes: readonly TypeMistake[],
  known: readonly ReportRow[],
  root: string,
): ReportRow[] {
  const errors = known.filter(({ severity }) => severity === 'error');
  const lineOf = ({ file, line }: ReportRow) => `${file}:${line}`;
  const lines = new Set(errors.map(lineOf));
  const unparsed = new Set(errors.filter(({ code }) => SYNTAX.has(code)).map(({ file }) => file));
  const isTold = (row: ReportRow) => lines.has(lineOf(row)) || (isSyntaxError(row) && unparsed.has(row.file));
  return mistakes.map((mistake) => reportRow(mistake, 'error', root)).filter((row) => !isTold(row));
}

/** Codes for a file that does not parse. TypeScript's syntax errors in such a file follow from them. */
const SYNTAX: ReadonlySet<string> = new Set<Code>([
  'syntax',
  'unclosed-bracket',
  'unexpected-close',
  'erased-syntax',
  'too-deep',
]);

/** The rows sorted by file and position, each once; rows without a file come first. */
export function sorted(rows: readonly ReportRow[]): ReportRow[] {
  const once = new Map(rows.map((row) => [JSON.stringify(row), row]));
  return [...once.values()].sort(
    (a, b) => compare(a.file ?? '', b.file ?? '') || a.line - b.line || a.column - b.column,
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function fileFromHere({ file }: Place, root: string): string | undefined {
  if (file === undefined) return undefined;
  return relative(process.cwd(), isAbsolute(file) ? file : join(root, file));
}

/**
 * The report as text.
 * @param full whether each row has an excerpt of the page and the remedy
 */
export function checkReport(checked: CheckResult, colour: Paint, full: boolean): string {
  const lines = checked.rows.map((row) => {
    const kind = colour(row.severity === 'error' ? 'red' : 'yellow', row.severity);
    const where = row.file === undefined ? '' : `${printableLine(row.file)}(${row.line},${row.column}): `;
    const line = `${where}${kind} ${row.code}: ${printableLines(row.text)}`;
    if (full) return `${line}\n${details(row)}\n`;
    return row.file === undefined ? `${line}. ${row.remedy}` : line;
  });
  return `${[...lines, summary(checked)].join('\n')}\n`;
}

function details({ file, line, column, remedy }: ReportRow): string {
  const source = file === undefined ? '' : sourceText(file);
  return source === '' ? `  ${remedy}` : printableLines(`${excerpt(source, line, column)}\n  ${remedy}`);
}

function summary({ rows, pages, types, milliseconds }: CheckResult): string {
  const errors = rows.filter(({ severity }) => severity === 'error').length;
  const found = `${counted(errors, 'error')}, ${counted(rows.length - errors, 'warning')}`;
  const time = `${(milliseconds / 1000).toFixed(1)} s`;
  return `${counted(pages, 'page')} checked in ${time} (${extent(types)}): ${found}`;
}

function extent(types: TypesChecked): string {
  if (types.kind === 'checked') return `types by TypeScript ${types.version}`;
  if (types.kind === 'failed') return 'syntax and escaping only';
  return `syntax and escaping only; for types: npm install --save-dev ${types.packages.join(' ')}`;
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
