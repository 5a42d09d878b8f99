// Which changes of the sources make a set that fits together (contract section 11). Changes that some file uses together
// are one component; a component whose pages and modules all compile, and find all that they name, is complete.

import { messageOf } from '../diagnostics/thrown.ts';
import { Dependents } from './dependency-graph.ts';
import type { Generation } from './generation.ts';
import { isPageFile } from './hidden-names.ts';
import { nextTurn } from './prepare-generation.ts';

/** Changes that belong together. */
export interface Component {
  readonly changed: ReadonlySet<string>;
  /** The changed files and all that use them, before or after. */
  readonly affected: ReadonlySet<string>;
  /** The folder that the site moves to, where it does: then all of it is one component. */
  readonly folder?: string;
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
 * Plans the way from one generation to another.
 * @param all of the sources as they are on the disk
 * @param changed the paths that are others there
 */
export async function planChanges(
  current: Generation,
  all: Generation,
  changed: ReadonlySet<string>,
): Promise<ChangePlan> {
  const plan = { complete: [] as Component[], incomplete: [] as Incomplete[] };
  for (const component of await componentsOf(changed, current, all)) {
    const problem = await newProblem(component.affected, current, all);
    if (problem === undefined) plan.complete.push(component);
    else plan.incomplete.push({ ...component, problem });
  }
  return plan;
}

/** Changed files whose users overlap go live together. */
async function componentsOf(
  changed: ReadonlySet<string>,
  current: Generation,
  all: Generation,
): Promise<Component[]> {
  if (all.root !== current.root) return [{ changed, affected: changed, folder: all.root }];
  if (changed.size === 0) return [];
  const pages = new Set([...current.sources.pages(), ...all.sources.pages()]);
  for (const page of pages) {
    // Compiles the page if nothing has done so before.
    current.dependencies.named(page);
    all.dependencies.named(page);
    await nextTurn();
  }
  const dependents = new Dependents([current.dependencies, all.dependencies], [...pages, ...changed]);
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

/** The first thing that is wrong with these pages; a page that was wrong before, and is unchanged, holds nothing up. */
async function newProblem(
  affected: ReadonlySet<string>,
  current: Generation,
  all: Generation,
): Promise<unknown> {
  for (const file of affected) {
    const stamp = all.sources.stamp(file);
    if (!isPageFile(file) || stamp === '') continue;
    await nextTurn();
    const problem = all.problemOf(file);
    if (problem === undefined) continue;
    const earlier = current.root + file.slice(all.root.length);
    if (current.sources.stamp(earlier) !== stamp || current.problemOf(earlier) === undefined) return problem;
  }
  return undefined;
}

/** The pages that cannot be loaded; of several with the same problem, such as a module that they import, the first. */
export async function* brokenPages(
  generation: Generation,
): AsyncGenerator<{ readonly file: string; readonly problem: unknown }> {
  const known = new Set<string>();
  for (const file of generation.sources.pages()) {
    await nextTurn();
    const problem = generation.problemOf(file);
    const message = messageOf(problem);
    if (problem !== undefined && !known.has(message)) yield { file, problem };
    known.add(message);
  }
}
