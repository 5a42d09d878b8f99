// The closure of a page: the page, its includes, layouts and inner pages by literal paths, and theirs. It tells which session the
// page needs, and whether each asynchronous include is awaited.

import { dirname, join, resolve } from 'node:path';
import type { IncludeFact } from '../compiler/facts.ts';
import { KIND_NAMES, namedKind } from '../compiler/page-kind.ts';
import { Problem } from '../diagnostics/problem.ts';
import type { SessionNeed } from '../runtime/page-types.ts';
import type { CompiledFile, PageCompiler } from './compiled-page.ts';
import { isPageFile } from './hidden-names.ts';
import { isInside } from './site-paths.ts';
import type { Readable } from './sources.ts';

/** A page and all pages that it includes, renders or has as a layout, directly or not; the page comes first. */
export interface Closure {
  readonly files: readonly CompiledFile[];
  readonly need: SessionNeed;
}

/** The sources and the compiler of pages. */
export interface PageSources {
  readonly sources: Readable;
  readonly compiler: PageCompiler;
}

/** A page with the files of its includes, layouts and inner pages, in the order of its facts; undefined for a missing file. */
interface Linked {
  readonly compiled: CompiledFile;
  readonly includes: readonly (string | undefined)[];
  readonly layouts: readonly (string | undefined)[];
  /** Inner pages, which Render() runs. */
  readonly renders: readonly (string | undefined)[];
}

/** The files of a closure that compile, with all errors of the others. */
export interface Explored {
  readonly files: readonly CompiledFile[];
  readonly problems: readonly Problem[];
}

/**
 * The closure of a page.
 * @throws Problem if a file does not compile, is missing, or is asynchronous and not awaited
 */
export function closureOf(file: string, pages: PageSources): Closure {
  const { files, problems } = explored(file, pages);
  if (problems[0] !== undefined) throw problems[0];
  return { files, need: strongestNeed(files.map((compiled) => compiled.facts.session)) };
}

/** Collects the closure of a page with all of its errors instead of throwing the first. */
export function explored(file: string, pages: PageSources): Explored {
  const problems: Problem[] = [];
  const found = new Map<string, Linked | undefined>();
  const wanted = [file];
  for (const next of wanted) {
    if (found.has(next)) continue;
    const linked = noting(problems, () => link(pages, pages.compiler.get(next, pages.sources), problems));
    found.set(next, linked);
    if (linked === undefined) continue;
    for (const named of [...linked.includes, ...linked.layouts, ...linked.renders])
      if (named !== undefined) wanted.push(named);
  }
  const linked = [...found.values()].filter((each) => each !== undefined);
  for (const each of linked) problems.push(...notAwaited(each, found));
  return { files: linked.map(({ compiled }) => compiled), problems };
}

/** The result of `look`; undefined if it throws a Problem, which is added to the list. */
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
  // Code that this version of Node refuses throws here.
  void compiled.factory;
  const existing = (call: keyof typeof MISSING) => (fact: IncludeFact) =>
    noting(problems, () => existingFile(pages, fact, file, call));
  return {
    compiled,
    includes: facts.includes.map(existing('Include')),
    layouts: facts.layouts.map(existing('Layout')),
    renders: facts.renders.map(existing('Render')),
  };
}

/**
 * The file that an Include or Layout names: relative to the page that names it, or to root_dir with a leading `/`.
 * Undefined outside of root_dir and if the name is not that of a page.
 */
export function includedFile(root: string, path: string, from: string): string | undefined {
  const file = path.startsWith('/') ? join(root, path) : resolve(dirname(from), path);
  return isPageFile(file) && isInside(root, file) ? file : undefined;
}

/** As `includedFile`; undefined also if the page does not exist. */
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
  call: keyof typeof MISSING,
): string {
  const file = existingPage(sources, path, from);
  if (file === undefined) throw new Problem(MISSING[call], { file: from, line, column, params: { path } });
  if (call === 'Render') return file;
  const mixed = kindProblem(call, path, { file, from, line, column });
  if (mixed !== undefined) throw mixed;
  return file;
}

/** The calls that put the output of one page into another. */
export type PlacingCall = 'Include' | 'Layout';

const MISSING = { Include: 'include-missing', Layout: 'layout-missing', Render: 'render-missing' } as const;

/**
 * The error for a call in the page `from` that names a page of another kind; undefined if both are of one kind.
 * @param place the position of the call; without it, the error gets one where it is thrown
 */
export function kindProblem(
  call: PlacingCall,
  path: string,
  { file, from, ...place }: { file: string; from: string; line?: number; column?: number },
): Problem | undefined {
  const [kind, own] = [namedKind(file), namedKind(from)];
  if (kind === own) return undefined;
  const params = { call, path, kind: KIND_NAMES[kind], own: KIND_NAMES[own] };
  return new Problem(
    'include-kind',
    place.line === undefined ? { params } : { ...place, file: from, params },
  );
}

function notAwaited(
  { compiled, includes }: Linked,
  found: ReadonlyMap<string, Linked | undefined>,
): Problem[] {
  return compiled.facts.includes.flatMap(({ awaited, async_children, path, line, column }, index) =>
    awaited || !(async_children || isAsync(includes[index], found))
      ? []
      : [new Problem('include-not-awaited', { file: compiled.file, line, column, params: { path } })],
  );
}

/** Whether a page is asynchronous: it awaits, or one of its layouts does. */
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

/** The need that covers all of these. */
export function strongestNeed(needs: readonly SessionNeed[]): SessionNeed {
  if (needs.includes('write')) return 'write';
  return needs.includes('read') ? 'read' : 'none';
}
