// Prepares a generation before it is served: used pages are linked, and modules that ran in the generation before run
// now. So no request meets a module that throws (docs/going-live.md).

import { Problem } from '../diagnostics/problem.ts';
import type { Generation } from './generation.ts';

/** The time that a module may take, in milliseconds; after it the change is incomplete. */
const LONGEST_MS = 10_000;

/** Loads the pages and modules that a component affects. Returns the error; undefined if there is none. */
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

/** Runs the modules that were imported by `import()` and that used pages still depend on. */
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

/** Resolves in the next turn of the event loop, so that requests run in between. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
