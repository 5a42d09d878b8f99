// The circle in which pages name each other by literal paths, for the error of pages that never come to an end.

import { relative, sep } from 'node:path';
import { includedFile } from './closure.ts';
import type { CompiledPages } from './compiled.ts';

/** "a.pih → b.pih → a.pih": the shortest way from a page over its includes and layouts back to itself, if there is one. */
export function cycleThrough(root: string, file: string, pages: CompiledPages): string | undefined {
  const ways: string[][] = [[file]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const next of namedBy(root, way.at(-1) ?? file, pages)) {
      if (next === file) return [...way, file].map((each) => nameOf(root, each)).join(' → ');
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  }
  return undefined;
}

function namedBy(root: string, file: string, pages: CompiledPages): string[] {
  const { includes, layouts } = pages.get(file).facts;
  return [...includes, ...layouts]
    .map(({ path }) => includedFile(root, path, file))
    .filter((named) => named !== undefined);
}

function nameOf(root: string, file: string): string {
  return relative(root, file).split(sep).join('/');
}
