// Suggests a known name for a mistyped one (optimal string alignment: Levenshtein, 1966, with the exchanges of Damerau, 1964).

/** The nearest of `names`; undefined if more than a third of the letters (and more than two) differ, or half of them. */
export function nearestName(name: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of names) {
    const changes = distance(name.toLowerCase(), candidate.toLowerCase());
    const letters = Math.max(name.length, candidate.length);
    if (changes < least && changes < letters / 2 && changes <= Math.max(2, candidate.length / 3)) {
      best = candidate;
      least = changes;
    }
  }
  return best;
}

/** The number of letters to insert, delete, replace or exchange with the next one. */
function distance(a: string, b: string): number {
  let before: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isExchange = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const exchanged = isExchange ? (before[j - 2] ?? 0) + 1 : replaced;
      row.push(Math.min(replaced, exchanged, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    [before, previous] = [previous, row];
  }
  return previous[b.length] ?? 0;
}
