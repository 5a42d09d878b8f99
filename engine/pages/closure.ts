// A page with everything that it includes by literal paths: what its sessions need, and whether each is awaited.

import { dirname, join, resolve } from 'node:path';
import type { IncludeFact } from '../compiler/facts.ts';
import { Problem } from '../diagnostics/problem.ts';
import type { SessionNeed } from '../runtime/names.ts';
import type { CompiledFile, CompiledPages } from './compiled.ts';
import { isPageName } from './hidden.ts';
import { isInside } from './inside.ts';
import { stampOf } from './stamp.ts';

/** A page and its literal includes, the page first. */
export interface Closure {
  readonly files: readonly CompiledFile[];
  readonly need: SessionNeed;
}

/** @throws Problem when one of them does not compile, is missing or is not awaited */
export function closureOf(root: string, file: string, pages: CompiledPages): Closure {
  const found = new Map<string, CompiledFile>();
  const visit = (next: string): CompiledFile => {
    const known = found.get(next);
    if (known !== undefined) return known;
    const compiled = pages.get(next);
    found.set(next, compiled);
    for (const include of compiled.facts.includes)
      checkAwaited(include, next, visit(existing(root, include, next)));
    return compiled;
  };
  visit(file);
  const files = [...found.values()];
  return { files, need: strongest(files.map((compiled) => compiled.facts.session)) };
}

/**
 * The file that an Include names: relative to the including page, from root_dir with a leading `/`.
 * Undefined outside of root_dir and for what is no page.
 */
export function includedFile(root: string, path: string, from: string): string | undefined {
  const file = path.startsWith('/') ? join(root, path) : resolve(dirname(from), path);
  return isPageName(file) && isInside(root, file) ? file : undefined;
}

function existing(root: string, include: IncludeFact, from: string): string {
  const file = includedFile(root, include.path, from);
  if (file !== undefined && stampOf(file) !== '') return file;
  const { path, line, column } = include;
  throw new Problem('include-missing', { file: from, line, column, holes: { path } });
}

function checkAwaited(include: IncludeFact, from: string, included: CompiledFile): void {
  if (include.awaited || !included.facts.async) return;
  const { path, line, column } = include;
  throw new Problem('include-not-awaited', { file: from, line, column, holes: { path } });
}

function strongest(needs: readonly SessionNeed[]): SessionNeed {
  if (needs.includes('write')) return 'write';
  return needs.includes('read') ? 'read' : 'none';
}
