// The lines of a source around a place, with a caret under the column. Plain text; who shows it adds colour.

/** One line of an excerpt. */
export interface ExcerptLine {
  readonly number: number;
  readonly text: string;
  /** 1-based column of the caret, on the line of the error only. */
  readonly caret?: number;
}

/** Minified code has lines of megabytes: so much of a line is shown. */
const WIDEST = 300;

/** The lines `line - around` to `line + around` of a source. */
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

/** The excerpt as text: line numbers, a `>` before the line of the error, a caret under its column. */
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
