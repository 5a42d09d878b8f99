// Looks at the pages of a site without running them: everything that does not compile, and every warning.

import { relative, sep } from 'node:path';
import type { ImportFact } from '../compiler/facts.ts';
import { Problem, type Warning, warning } from '../diagnostics/problem.ts';
import { closureOf, includedFile } from './closure.ts';
import { type CompiledFile, CompiledPages } from './compiled.ts';
import type { Finding } from './index.ts';
import { isInside } from './inside.ts';
import type { Locator } from './locate.ts';
import { targetOf } from './modules/resolve.ts';
import type { SiteModules } from './modules.ts';

/** What a check looks with. */
export interface CheckTools {
  readonly root: string;
  readonly locator: Locator;
  readonly modules: SiteModules;
}

/** The findings of these page files, in their order; a file that several pages include is reported once. */
export function checkPages(files: readonly string[], tools: CheckTools): Finding[] {
  const pages = new CompiledPages(true, false);
  const found = new Map<string, Finding>();
  for (const file of files)
    for (const finding of findingsOf(file, pages, tools)) found.set(keyOf(finding), finding);
  return [...found.values()];
}

function findingsOf(file: string, pages: CompiledPages, tools: CheckTools): Finding[] {
  try {
    const closure = closureOf(tools.root, file, pages);
    const { facts } = pages.get(file);
    const problems = tools.modules.check(facts.imports, file);
    const served =
      problems.length > 0 ? [] : facts.imports.flatMap((fact) => servedModule(fact, file, tools));
    return [
      ...problems.map((problem): Finding => ({ severity: 'error', problem })),
      ...closure.files.flatMap((part) => part.facts.warnings).map(asFinding),
      ...closure.files.flatMap((part) => silentLayouts(part, pages, tools.root)).map(asFinding),
      ...served.map(asFinding),
    ];
  } catch (error) {
    if (error instanceof Problem) return [{ severity: 'error', problem: error }];
    throw error;
  }
}

/** The layouts that a page names and that never mention CONTENT. */
function silentLayouts({ file, facts }: CompiledFile, pages: CompiledPages, root: string): Warning[] {
  return facts.layouts
    .map(({ path }) => includedFile(root, path, file))
    .filter((layout) => layout !== undefined && pages.get(layout).facts.content === undefined)
    .map((layout) => warning('layout-without-content', { file: layout, line: 1, column: 1 }));
}

export function asFinding(found: Warning): Finding {
  return { severity: 'warning', warning: found };
}

/** A `.js` or `.json` module that anyone could fetch by its URL. */
function servedModule(fact: ImportFact, from: string, tools: CheckTools): Warning[] {
  const target = targetOf(fact, from, tools.root);
  if (target.kind === 'external' || !isInside(tools.root, target.file)) return [];
  const path = relative(tools.root, target.file).split(sep).map(encodeURIComponent).join('/');
  if (tools.locator.locate(`/${path}`).kind !== 'static') return [];
  const { line, column, specifier } = fact;
  return [warning('module-served', { file: from, line, column, holes: { path: specifier } })];
}

function keyOf(finding: Finding): string {
  const where = finding.severity === 'error' ? finding.problem : finding.warning;
  return `${where.code} ${where.file}:${where.line}:${where.column} ${where.text}`;
}
