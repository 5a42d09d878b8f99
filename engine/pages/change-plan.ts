// Which changes of the sources make a set that fits together (contract section 11). Changes that some file uses together
// are one component; a component whose pages and modules all compile, and find all that they name, is complete.

import { Problem } from '../diagnostics/problem.ts';
import { messageOf } from '../diagnostics/thrown.ts';
import { closureOf } from './closure.ts';
import { Dependents } from './dependencies.ts';
import type { Generation, GenerationTools } from './generation.ts';
import { isPageName } from './hidden.ts';
import { nextTurn } from './prepare.ts';
import type { Snapshot } from './snapshot.ts';

/** Changes that belong together. */
export interface Component {
  readonly changed: ReadonlySet<string>;
  /** The changed files and all that use them, before or after. */
  readonly affected: ReadonlySet<string>;
}

/** A component that is not complete, and why. */
export interface Incomplete extends Component {
  readonly problem: unknown;
}

/** What can go live and what waits. */
export interface ChangePlan {
  readonly complete: readonly Component[];
  readonly incomplete: readonly Incomplete[];
}

/**
 * Plans the way from one generation to other sources.
 * @param wanted all sources as they are on the disk
 */
export async function planChanges(
  current: Generation<Snapshot>,
  wanted: Snapshot,
  tools: GenerationTools,
): Promise<ChangePlan> {
  const changed = current.sources.changesTo(wanted);
  if (changed.size === 0) return { complete: [], incomplete: [] };
  const all = current.next(wanted, changed, tools);
  const pages = new Set([...current.sources.pages(), ...wanted.pages()]);
  for (const page of pages) {
    // Compiles the page if nothing has done so before.
    current.dependencies.named(page);
    all.dependencies.named(page);
    await nextTurn();
  }
  const dependents = new Dependents([current.dependencies, all.dependencies], [...pages, ...changed]);
  const components = componentsOf(changed, dependents);
  const plan = { complete: [] as Component[], incomplete: [] as Incomplete[] };
  for (const component of components) {
    const problem = await problemOf(component, current, all, tools);
    if (problem === undefined) plan.complete.push(component);
    else plan.incomplete.push({ ...component, problem });
  }
  return plan;
}

/** Changed files whose users overlap go live together. */
function componentsOf(changed: ReadonlySet<string>, dependents: Dependents): Component[] {
  const components: { changed: Set<string>; affected: Set<string> }[] = [];
  for (const file of changed) {
    const joined = { changed: new Set([file]), affected: dependents.affectedBy([file]) };
    for (const other of components.filter(({ affected }) => overlap(affected, joined.affected))) {
      components.splice(components.indexOf(other), 1);
      for (const each of other.changed) joined.changed.add(each);
      for (const each of other.affected) joined.affected.add(each);
    }
    components.push(joined);
  }
  return components;
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  for (const each of small) if (large.has(each)) return true;
  return false;
}

/** The first thing that is wrong with the pages of a component; a page that was wrong before, and is unchanged, holds nothing up. */
async function problemOf(
  { changed, affected }: Component,
  current: Generation<Snapshot>,
  all: Generation<Snapshot>,
  tools: GenerationTools,
): Promise<unknown> {
  for (const file of affected) {
    if (!isPageName(file) || all.sources.stamp(file) === '') continue;
    await nextTurn();
    const problem = problemOfPage(file, all, tools);
    if (problem === undefined) continue;
    if (changed.has(file) || problemOfPage(file, current, tools) === undefined) return problem;
  }
  return undefined;
}

/** What is wrong with a page of a folder and was not wrong with the same page of the folder before. */
export async function newProblemIn(
  next: Generation<Snapshot>,
  before: Generation<Snapshot>,
  tools: GenerationTools,
): Promise<unknown> {
  for (const file of next.sources.pages()) {
    await nextTurn();
    const problem = problemOfPage(file, next, tools);
    if (problem === undefined) continue;
    const earlier = before.root + file.slice(next.root.length);
    const isOld = before.sources.stamp(earlier) === next.sources.stamp(file);
    if (!isOld || problemOfPage(earlier, before, tools) === undefined) return problem;
  }
  return undefined;
}

/** The pages that cannot be loaded; of several with the same problem, such as a module that they import, the first. */
export async function* brokenPages(
  generation: Generation<Snapshot>,
  tools: GenerationTools,
): AsyncGenerator<{ readonly file: string; readonly problem: unknown }> {
  const known = new Set<string>();
  for (const file of generation.sources.pages()) {
    await nextTurn();
    const problem = problemOfPage(file, generation, tools);
    const message = messageOf(problem);
    if (problem !== undefined && !known.has(message)) yield { file, problem };
    known.add(message);
  }
}

/** What keeps a page from being loaded, told without running anything. */
function problemOfPage(
  file: string,
  { root, sources, modules }: Generation<Snapshot>,
  tools: GenerationTools,
): unknown {
  try {
    const { files } = closureOf(file, { root, sources, compiler: tools.pages });
    for (const part of files) {
      const [problem] = modules.check(part.facts.imports, part.file).problems;
      if (problem !== undefined) return problem;
    }
    return undefined;
  } catch (error) {
    if (error instanceof Problem || error instanceof SyntaxError) return error;
    throw error;
  }
}
