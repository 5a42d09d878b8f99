// The order in which modules run: dependencies first; modules that import each other form a group. (Tarjan's algorithm
// for strongly connected components, 1972, which yields dependencies first.)

import type { SiteModule } from './site-module.ts';

interface VisitedModule {
  index: number;
  low: number;
  isOpen: boolean;
  /** The position in post-order; within a group, modules run in this order. */
  left: number;
}

/** The groups of modules that a module needs, itself included, in the order in which they run. */
export function runningOrder(root: SiteModule): SiteModule[][] {
  const visits = new Map<SiteModule, VisitedModule>();
  const open: SiteModule[] = [];
  const groups: SiteModule[][] = [];
  let left = 0;
  const visit = (module: SiteModule): VisitedModule => {
    const own = { index: visits.size, low: visits.size, isOpen: true, left: 0 };
    visits.set(module, own);
    open.push(module);
    for (const dependency of module.siteDependencies) {
      const known = visits.get(dependency);
      if (known === undefined) own.low = Math.min(own.low, visit(dependency).low);
      else if (known.isOpen) own.low = Math.min(own.low, known.index);
    }
    own.left = left++;
    if (own.low === own.index) groups.push(closed(open.splice(open.indexOf(module)), visits));
    return own;
  };
  visit(root);
  return groups;
}

function closed(group: SiteModule[], visits: ReadonlyMap<SiteModule, VisitedModule>): SiteModule[] {
  for (const module of group) {
    const visit = visits.get(module);
    if (visit !== undefined) visit.isOpen = false;
  }
  return group.sort((a, b) => (visits.get(a)?.left ?? 0) - (visits.get(b)?.left ?? 0));
}
