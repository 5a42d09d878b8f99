// Errors as plain text: for the log, and for clients that do not accept HTML.

import { printableLine, printableLines } from '../../diagnostics/printable.ts';
import type { IsSecret } from '../../forms/secret-fields.ts';
import { type ErrorReport, errorReports } from './error-report.ts';
import type { RequestSection } from './request-report.ts';

/** The developer page as text. */
export function errorPageText(
  status: number,
  line: string,
  reports: readonly ErrorReport[],
  sections: readonly RequestSection[],
): string {
  const parts = [`${status} ${printableLine(line)}`, printableLines(reportsText(reports))];
  for (const { title, rows } of sections) {
    parts.push(`${title}\n${rows.map(rowText).join('\n')}`);
  }
  return `${parts.join('\n\n')}\n`;
}

/** A row. Further lines of a value are indented more than names, so that no value looks like a row. */
function rowText([name, value]: readonly [name: string, value: string]): string {
  return `  ${printableLine(name)}: ${printableLines(value).replace(/\n/g, '\n      ')}`;
}

/** An error with its position, the lines around it, its own frames and its causes, as the log shows it. */
export function errorText(error: unknown, root: string, isSecret?: IsSecret): string {
  return reportsText(errorReports(error, root, isSecret));
}

function reportsText(reports: readonly ErrorReport[]): string {
  return reports
    .map((report, index) => `${index === 0 ? '' : 'caused by '}${reportText(report)}`)
    .join('\n\n');
}

function reportText(report: ErrorReport): string {
  const { position } = report;
  const where = position === undefined ? '' : `${position.name}:${position.line}:${position.column}: `;
  // Further lines of a message are indented, so that none looks like a frame or a source line.
  const head = `${report.name}: ${report.message}`.replace(/\r?\n/g, '\n      ');
  const parts = [where + head];
  if (report.remedy !== undefined) parts.push(`  ${report.remedy}`);
  if (position !== undefined && position.lines.length > 0) parts.push(excerptText(position.lines));
  const { caller } = report;
  if (caller !== undefined)
    parts.push(`${caller.name}:${caller.line}:${caller.column}:`, excerptText(caller.lines));
  const own = report.frames.filter((frame) => frame.own);
  for (const frame of own.length > 0 ? own : report.frames) parts.push(`    at ${frame.text}`);
  return parts.join('\n');
}

function excerptText(lines: NonNullable<ErrorReport['position']>['lines']): string {
  const width = String(lines.at(-1)?.number ?? 1).length;
  const rows: string[] = [];
  for (const { number, text, caret } of lines) {
    rows.push(`${caret === undefined ? ' ' : '>'} ${String(number).padStart(width)} | ${text}`);
    if (caret !== undefined)
      rows.push(`  ${' '.repeat(width)} | ${text.slice(0, caret - 1).replace(/[^\t]/g, ' ')}^`);
  }
  return rows.join('\n');
}

/** A log for programs that give none: it writes messages and errors to standard error. */
export function standardErrorLog(root: string) {
  return (level: 'warn' | 'error', message: string, cause?: unknown): void => {
    const error = cause === undefined ? '' : `\n${printableLines(errorText(cause, root))}`;
    console.error(`${level}: ${printableLine(message)}${error.replace(/\n(?=.)/g, '\n  ')}`);
  };
}
