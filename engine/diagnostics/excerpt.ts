// Excerpts of a source: the lines around a position, with a caret under the column, as plain text.

/** One line of an excerpt. */
export interface ExcerptLine {
  readonly number: number;
  readonly text: string;
  /** The 1-based column of the caret; only on the line of the error. */
  readonly caret?: number;
}

/** The number of characters shown of a line, because lines of minified code may have megabytes. */
const WIDEST = 300;

/** The lines `line - around` to `line + around` of a source, without lines outside of it. */
export function excerptLines(source: string, line: number, column = 1, around = 3): ExcerptLine[] {
  const lines = source.split(/\r\n|\n|\r/);
  const first = Math.max(1, line - around);
  const last = Math.min(lines.length, line + around);
  const result: ExcerptLine[] = [];
  for (let number = first; number <= last; number++) {
    const text = lines[number - 1] ?? '';
    result.push(
      number === line ? { number, ...partAround(text, column) } : { number, text: beginningOf(text) },
    );
  }
  return result;
}

function partAround(text: string, caret: number): { text: string; caret: number } {
  const start = caret <= WIDEST ? 0 : caret - WIDEST / 2;
  const ahead = start === 0 ? '' : '…';
  return { text: ahead + beginningOf(text.slice(start)), caret: caret - start + ahead.length };
}

function beginningOf(text: string): string {
  return text.length <= WIDEST ? text : `${text.slice(0, WIDEST)}…`;
}

/** An excerpt as text: line numbers, `>` before the line of the error, and a caret under its column. */
export function excerpt(source: string, line: number, column = 1, around = 3): string {
  const lines = excerptLines(source, line, column, around);
  const width = String(lines.at(-1)?.number ?? line).length;
  return lines.map((row) => excerptRow(row, width)).join('\n');
}

function excerptRow(row: ExcerptLine, width: number): string {
  const number = String(row.number).padStart(width);
  if (row.caret === undefined) return `  ${number} | ${row.text}`;
  const indent = row.text.slice(0, row.caret - 1).replace(/[^\t]/g, ' ');
  return `> ${number} | ${row.text}\n  ${' '.repeat(width)} | ${indent}^`;
}
