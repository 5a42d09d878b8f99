// With debug: says once of what a page stores in memory that a persistent store could not keep it, so that switching
// persistent_session later needs no change in a page.

import { Problem } from '../diagnostics/problem.ts';
import { toJson } from './codec.ts';
import type { SessionState } from './state.ts';

/** More paths than this are not told apart: a page that makes up names must not fill the memory. */
const MAX_PATHS = 1000;

/** Warns of attributes that no text can hold, once a path (the items of a list count as one). */
export function warnOfUnstorable(state: SessionState): void {
  const { site, record, request } = state;
  for (const key of Object.keys(record.data)) {
    const problem = unstorable(record.data[key], `s.${key}`);
    if (problem === undefined) continue;
    const path = problem.text.replace(/\[\d+\]/g, '[]');
    if (site.warned.has(path) || site.warned.size >= MAX_PATHS) continue;
    site.warned.add(path);
    site.log('warn', `page '${request.page}': ${problem.text} (harmless while persistent_session is false)`);
  }
}

function unstorable(value: unknown, path: string): Problem | undefined {
  try {
    toJson(value, path, []);
    return undefined;
  } catch (error) {
    // Another error is one of the value's own code: a warning must not fail the page, and less so keep its turn.
    return error instanceof Problem ? error : undefined;
  }
}
