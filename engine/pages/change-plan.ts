// Groups the changes of the sources into components that can go live on their own (docs/going-live.md). Changed files
// that share a user belong to one component. A component is complete if all of its pages and modules compile and every
// file that they name exists.

import { messageOf } from '../diagnostics/thrown.ts';
import { Dependents } from './dependency-graph.ts';
import type { Generation } from './generation.ts';
import { isPageFile } from './hidden-names.ts';
import { nextTurn } from './prepare-generation.ts';

/** Changes that must go live together. */
export interface Component {
  readonly changed: ReadonlySet<string>;
  /** The changed files and all files that depend on them, in the old or the new generation. */
  readonly affected: ReadonlySet<string>;
  /** The new folder of the site, if root_dir leads to another folder. All changes are then one component. */
  readonly folder?: string;
}

/** A component that is not complete, with the first error in it. */
export interface Incomplete extends Component {
  readonly problem: unknown;
}

/** The components that can go live, and the components that must wait. */
export interface ChangePlan {
  readonly complete: readonly Component[];
  readonly incomplete: readonly Incomplete[];
}

/**
 * Plans the change from one generation to the sources on the disk.
 * @param all a generation of the sources on the disk
 * @param changed the paths whose sources differ
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

/** Puts changed files that share a user into one component. */
async function componentsOf(
  changed: ReadonlySet<string>,
  current: Generation,
  all: Generation,
): Promise<Component[]> {
  if (all.root !== current.root) return [{ changed, affected: changed, folder: all.root }];
  if (changed.size === 0) return [];
  const pages = new Set([...current.sources.pages(), ...all.sources.pages()]);
  for (const page of pages) {
    // Compiles the page, unless it is compiled already.
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

/**
 * The first error in these pages. An unchanged page that had an error before is ignored, so that it delays no change.
 */
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

/**
 * The pages that cannot be loaded. If several have the same error, such as one in a module that they share, only the
 * first is returned.
 */
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
