// Quantiles of figures, and tables of them.

/** The quantile of the figures: this part of them is smaller. */
export function at(part: number, figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export function median(figures: readonly number[]): number {
  return at(0.5, figures);
}

/** A figure with three significant digits. */
export function shown(figure: number): string {
  return Number.isNaN(figure) ? '-' : Number(figure.toPrecision(3)).toString();
}

/** Rows of cells as text. Each column is as wide as its widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
