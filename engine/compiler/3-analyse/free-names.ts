// The names that a page uses and does not declare, which page names and form fields are found among.

import type { PageName } from '../page-name-table.ts';
import type { Use } from '../scopes.ts';

/** The uses of every name that a source uses and does not declare. */
export type FreeNames = ReadonlyMap<string, readonly Use[]>;

export function usesOf(name: PageName, free: FreeNames): readonly Use[] {
  return free.get(name) ?? [];
}
