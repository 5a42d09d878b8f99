// The files of a site that depend on others, for a type check without a generation: in editors.

import { pageCompiler } from '../compiled-page.ts';
import { type Compilers, DependencyGraph, Dependents } from '../dependency-graph.ts';
import { HiddenFiles } from '../hidden-files.ts';
import type { FileUsers } from '../index.ts';
import { moduleCompiler } from '../modules/compiled-module.ts';
import { DiskSources } from '../sources.ts';

/** The dependencies as they are on the disk. */
export function usersIn(root: string, compilers = compilersForUsers()): FileUsers {
  const sources = new DiskSources(root, new HiddenFiles([]));
  return new Dependents([new DependencyGraph(sources, compilers)], sources.pages());
}

/** Compilers that keep what has not changed until the next call of `usersIn`. */
export function compilersForUsers(): Compilers {
  return { pages: pageCompiler(false), modules: moduleCompiler(false) };
}
