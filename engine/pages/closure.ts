// A page with everything that it names by literal paths in Include and Layout: what its sessions need, and whether each
// is awaited.

import { dirname, join, resolve } from 'node:path';
import type { IncludeFact } from '../compiler/facts.ts';
import { Problem } from '../diagnostics/problem.ts';
import type { SessionNeed } from '../runtime/names.ts';
import type { CompiledFile, CompiledPages } from './compiled.ts';
import { isPageName } from './hidden.ts';
import { isInside } from './inside.ts';
import { stampOf } from './stamp.ts';

/** A page, its literal includes and layouts, and theirs; the page first. */
export interface Closure {
  readonly files: readonly CompiledFile[];
  readonly need: SessionNeed;
}

/** A page with the pages that its facts name, in their order. */
interface Linked {
  readonly compiled: CompiledFile;
  readonly includes: readonly string[];
  readonly layouts: readonly string[];
}

/** @throws Problem when one of them does not compile, is missing or is not awaited */
export function closureOf(root: string, file: string, pages: CompiledPages): Closure {
  const found = new Map<string, Linked>();
  const wanted = [file];
  for (const next of wanted) {
    if (found.has(next)) continue;
    const linked = link(root, pages.get(next));
    found.set(next, linked);
    wanted.push(...linked.includes, ...linked.layouts);
  }
  for (const linked of found.values()) checkAwaited(linked, found);
  const files = [...found.values()].map(({ compiled }) => compiled);
  return { files, need: strongest(files.map((compiled) => compiled.facts.session)) };
}

function link(root: string, compiled: CompiledFile): Linked {
  const { file, facts } = compiled;
  return {
    compiled,
    includes: facts.includes.map((fact) => existing(root, fact, file, 'include-missing')),
    layouts: facts.layouts.map((fact) => existing(root, fact, file, 'layout-missing')),
  };
}

/**
 * The file that an Include or Layout names: relative to the page that names it, from root_dir with a leading `/`.
 * Undefined outside of root_dir and for what is no page.
 */
export function includedFile(root: string, path: string, from: string): string | undefined {
  const file = path.startsWith('/') ? join(root, path) : resolve(dirname(from), path);
  return isPageName(file) && isInside(root, file) ? file : undefined;
}

function existing(
  root: string,
  named: IncludeFact,
  from: string,
  missing: 'include-missing' | 'layout-missing',
): string {
  const file = includedFile(root, named.path, from);
  if (file !== undefined && stampOf(file) !== '') return file;
  const { path, line, column } = named;
  throw new Problem(missing, { file: from, line, column, holes: { path } });
}

function checkAwaited({ compiled, includes }: Linked, found: ReadonlyMap<string, Linked>): void {
  for (const [index, { awaited, path, line, column }] of compiled.facts.includes.entries()) {
    if (!awaited && isAsync(includes[index], found)) {
      throw new Problem('include-not-awaited', { file: compiled.file, line, column, holes: { path } });
    }
  }
}

/** A page whose layout awaits is asynchronous itself. */
function isAsync(
  file: string | undefined,
  found: ReadonlyMap<string, Linked>,
  asked: readonly string[] = [],
): boolean {
  const linked = file === undefined ? undefined : found.get(file);
  if (file === undefined || linked === undefined || asked.includes(file)) return false;
  return (
    linked.compiled.facts.async || linked.layouts.some((layout) => isAsync(layout, found, [...asked, file]))
  );
}

function strongest(needs: readonly SessionNeed[]): SessionNeed {
  if (needs.includes('write')) return 'write';
  return needs.includes('read') ? 'read' : 'none';
}
