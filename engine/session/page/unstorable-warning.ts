// With debug: says once of what a page stores in memory that a persistent store could not keep it, so that switching
// persistent_session later needs no change in a page.

import { Problem } from '../../diagnostics/problem.ts';
import { encodeAttribute } from '../format/codec/encode-values.ts';
import { Budget } from '../format/codec/session-budget.ts';
import type { SessionState } from '../request/session-state.ts';

/** More paths than this are not told apart: a page that makes up names must not fill the memory. */
const MAX_PATHS = 1000;

/** Warns of attributes that no text can hold, once a path (the items of a list count as one). */
export function warnOfUnstorable(state: SessionState): void {
  const budget = new Budget();
  const { data, flash } = state.record;
  warnOf(state, data, 's.', budget);
  warnOf(state, flash, 'flash ', budget);
}

/** As a persistent store would write them: when nothing more fits in, the rest is not looked at. */
function warnOf(state: SessionState, attributes: object, prefix: string, budget: Budget): void {
  const { site, request } = state;
  for (const key of Reflect.ownKeys(attributes)) {
    if (budget.isSpent) return;
    const problem = unstorable(attributes, key, prefix, budget);
    if (problem === undefined) continue;
    const path = problem.text.replace(/\d+/g, '');
    if (site.warned.has(path) || site.warned.size >= MAX_PATHS) continue;
    site.warned.add(path);
    site.log('warn', `page '${request.page}': ${problem.text} (harmless while persistent_session is false)`);
  }
}

function unstorable(
  attributes: object,
  key: string | symbol,
  prefix: string,
  budget: Budget,
): Problem | undefined {
  try {
    encodeAttribute(attributes, key, prefix, budget);
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
