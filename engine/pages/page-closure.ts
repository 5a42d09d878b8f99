// A page with everything that it names by literal paths in Include and Layout: what its sessions need, and whether each
// is awaited.

import { dirname, join, resolve } from 'node:path';
import type { IncludeFact } from '../compiler/facts.ts';
import { Problem } from '../diagnostics/problem.ts';
import type { SessionNeed } from '../runtime/page-types.ts';
import type { CompiledFile, PageCompiler } from './compiled-page.ts';
import { isPageFile } from './hidden-names.ts';
import { isInside } from './site-paths.ts';
import type { Readable } from './sources.ts';

/** A page, its literal includes and layouts, and theirs; the page first. */
export interface Closure {
  readonly files: readonly CompiledFile[];
  readonly need: SessionNeed;
}

/** Where pages are read and compiled. */
export interface PageSources {
  readonly sources: Readable;
  readonly compiler: PageCompiler;
}

/** A page with the pages that its facts name, in their order; undefined where there is no such page. */
interface Linked {
  readonly compiled: CompiledFile;
  readonly includes: readonly (string | undefined)[];
  readonly layouts: readonly (string | undefined)[];
}

/** What a look at a closure finds, also where something of it is wrong. */
export interface Explored {
  readonly files: readonly CompiledFile[];
  readonly problems: readonly Problem[];
}

/** @throws Problem when one of them does not compile, is missing or is not awaited */
export function closureOf(file: string, pages: PageSources): Closure {
  const { files, problems } = explored(file, pages);
  if (problems[0] !== undefined) throw problems[0];
  return { files, need: strongest(files.map((compiled) => compiled.facts.session)) };
}

/** The closure as far as it is there, with everything that is wrong in it. */
export function explored(file: string, pages: PageSources): Explored {
  const problems: Problem[] = [];
  const found = new Map<string, Linked | undefined>();
  const wanted = [file];
  for (const next of wanted) {
    if (found.has(next)) continue;
    const linked = noting(problems, () => link(pages, pages.compiler.get(next, pages.sources), problems));
    found.set(next, linked);
    for (const named of [...(linked?.includes ?? []), ...(linked?.layouts ?? [])])
      if (named !== undefined) wanted.push(named);
  }
  const linked = [...found.values()].filter((each) => each !== undefined);
  for (const each of linked) problems.push(...notAwaited(each, found));
  return { files: linked.map(({ compiled }) => compiled), problems };
}

/** What `look` gives; a Problem that it throws is noted. */
function noting<T>(problems: Problem[], look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    problems.push(error);
    return undefined;
  }
}

function link(pages: PageSources, compiled: CompiledFile, problems: Problem[]): Linked {
  const { file, facts } = compiled;
  // What this version of Node does not compile shows here.
  void compiled.factory;
  const existing = (missing: 'include-missing' | 'layout-missing') => (fact: IncludeFact) =>
    noting(problems, () => existingFile(pages, fact, file, missing));
  return {
    compiled,
    includes: facts.includes.map(existing('include-missing')),
    layouts: facts.layouts.map(existing('layout-missing')),
  };
}

/**
 * The file that an Include or Layout names: relative to the page that names it, from root_dir with a leading `/`.
 * Undefined outside of root_dir and for what is no page.
 */
export function includedFile(root: string, path: string, from: string): string | undefined {
  const file = path.startsWith('/') ? join(root, path) : resolve(dirname(from), path);
  return isPageFile(file) && isInside(root, file) ? file : undefined;
}

/** The same, where the page is there. */
export function existingPage(
  sources: Pick<Readable, 'root' | 'stamp'>,
  path: string,
  from: string,
): string | undefined {
  const file = includedFile(sources.root, path, from);
  return file !== undefined && sources.stamp(file) !== '' ? file : undefined;
}

function existingFile(
  { sources }: PageSources,
  { path, line, column }: IncludeFact,
  from: string,
  missing: 'include-missing' | 'layout-missing',
): string {
  const file = existingPage(sources, path, from);
  if (file === undefined) throw new Problem(missing, { file: from, line, column, params: { path } });
  return file;
}

function notAwaited(
  { compiled, includes }: Linked,
  found: ReadonlyMap<string, Linked | undefined>,
): Problem[] {
  return compiled.facts.includes.flatMap(({ awaited, path, line, column }, index) =>
    awaited || !isAsync(includes[index], found)
      ? []
      : [new Problem('include-not-awaited', { file: compiled.file, line, column, params: { path } })],
  );
}

/** A page whose layout awaits is asynchronous itself. */
function isAsync(
  file: string | undefined,
  found: ReadonlyMap<string, Linked | undefined>,
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
