// Checks the pages of a site without running them: reports compile errors and warnings.

import { relative, sep } from 'node:path';
import { Problem, type Warning, warning } from '../diagnostics/problem.ts';
import type { CompiledFile } from './compiled-page.ts';
import type { Generation, GenerationTools } from './generation.ts';
import { isHiddenName } from './hidden-names.ts';
import type { Finding } from './index.ts';
import { explored, includedFile } from './page-closure.ts';
import { servedModules } from './served-modules.ts';

/** The findings of these pages, in their order. A file that several pages include is reported once. */
export function checkPages(
  files: readonly string[],
  generation: Generation,
  tools: Pick<GenerationTools, 'pages'>,
): Finding[] {
  const pages = { sources: generation.sources, compiler: tools.pages };
  const found = new Map<string, Finding>();
  const parts = new Map<string, CompiledFile>();
  const note = (finding: Finding) => found.set(findingKey(finding), finding);
  for (const file of files) {
    const closure = explored(file, pages);
    for (const problem of closure.problems) note(asError(problem));
    for (const part of closure.files) parts.set(part.file, part);
  }
  const named = new Set([...parts.keys()].flatMap((part) => generation.dependencies.named(part)));
  for (const part of parts.values())
    for (const finding of findingsOf(part, { parts, named }, generation)) note(finding);
  return [...found.values()];
}

/**
 * The checked pages by file, and the pages that other pages name. Named pages run for the URL of the page that names
 * them.
 */
interface CheckedPages {
  readonly parts: ReadonlyMap<string, CompiledFile>;
  readonly named: ReadonlySet<string>;
}

/**
 * A page without brackets in its path gets no values in PARAMS. The type checker reports wrong names only for pages
 * with brackets.
 */
function missingParams({ file, facts }: CompiledFile, root: string): Warning[] {
  const path = relative(root, file);
  if (path.includes('[') || path.split(sep).some((part) => isHiddenName(part))) return [];
  return facts.params.map(({ name, line, column }) =>
    warning('param-missing', { file, line, column, params: { name } }),
  );
}

/** The findings of a page that compiles. */
function findingsOf(part: CompiledFile, { parts, named }: CheckedPages, generation: Generation): Finding[] {
  const { root } = generation;
  const { problems, modules } = generation.modules.check(part.facts.imports, part.file);
  const warnings = [
    ...part.facts.warnings,
    ...silentLayouts(part, parts, root),
    ...(named.has(part.file) ? [] : missingParams(part, root)),
    ...servedModules(modules, generation),
  ];
  return [...[...refusals(part), ...problems].map(asError), ...warnings.map(asWarning)];
}

/** Errors of code that the compiler accepts and this version of Node does not, such as newer syntax. */
function refusals(part: CompiledFile): Problem[] {
  try {
    void part.factory;
    return [];
  } catch (error) {
    if (error instanceof Problem) return [error];
    throw error;
  }
}

/** Warnings for layouts that never print CONTENT. A layout that does not compile has its own error. */
function silentLayouts(
  { file, facts }: CompiledFile,
  parts: ReadonlyMap<string, CompiledFile>,
  root: string,
): Warning[] {
  return facts.layouts
    .map(({ path }) => parts.get(includedFile(root, path, file) ?? ''))
    .filter((layout) => layout !== undefined && layout.facts.content === undefined)
    .map((layout) => warning('layout-without-content', { file: layout?.file, line: 1, column: 1 }));
}

export function asError(problem: Problem): Finding {
  return { severity: 'error', problem };
}

export function asWarning(found: Warning): Finding {
  return { severity: 'warning', warning: found };
}

function findingKey(finding: Finding): string {
  const where = finding.severity === 'error' ? finding.problem : finding.warning;
  return `${where.code} ${where.file}:${where.line}:${where.column} ${where.text}`;
}
