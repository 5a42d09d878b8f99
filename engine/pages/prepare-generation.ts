// Prepares a generation before it is served: the pages that visitors use are linked and the modules that ran in the
// generation before run now, so that a module that throws never meets a visitor (contract section 11).

import { Problem } from '../diagnostics/problem.ts';
import type { Generation } from './generation.ts';

/** A module that needs longer than this makes its change incomplete, in milliseconds. */
const LONGEST_MS = 10_000;

/** Loads what the changes of a component affect. Gives what went wrong; undefined: all is well. */
export async function prepare(component: readonly string[], next: Generation): Promise<unknown> {
  const affected = new Set(component);
  const isAffected = (file: string) => affected.has(file);
  const { pages, modules } = next.used;
  try {
    for (const file of pages.filter(isAffected)) {
      await within(next.load(file), file);
      await nextTurn();
    }
    await runModules(modules.filter(isAffected), next);
    return undefined;
  } catch (problem) {
    return problem ?? new Error('a module has thrown undefined');
  }
}

/** Modules that ran without a page's own import: those that were imported by `import()`. */
async function runModules(files: readonly string[], next: Generation): Promise<void> {
  if (files.length === 0) return;
  const needed = next.dependencies.madeOf(next.used.pages);
  for (const file of files) if (needed.has(file)) await within(next.modules.loadFile(file), file);
}

async function within<T>(work: T | Promise<T>, file: string): Promise<T> {
  if (!(work instanceof Promise)) return work;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Problem('module-late', { file, params: { seconds: LONGEST_MS / 1000 } })),
      LONGEST_MS,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Lets requests run between two steps. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
