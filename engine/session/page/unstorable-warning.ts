// With `debug`, warns once of each attribute in memory that a persistent store could not keep, so that switching persistent_session
// needs no change in a page.

import { Problem } from '../../diagnostics/problem.ts';
import { encodeAttribute } from '../format/codec/encode-values.ts';
import { SessionBudget } from '../format/codec/session-budget.ts';
import type { SessionState } from '../request/session-state.ts';

/** The number of warnings at most: a page that makes up names must not fill the memory. */
const MAX_WARNINGS = 1000;

/** Checks the attributes as a persistent store would write them, until the budget is spent. */
export function warnOfUnstorable({ context, request, record }: SessionState): void {
  const budget = new SessionBudget();
  for (const [section, prefix] of [
    [record.data, 's.'],
    [record.flash, 'flash '],
  ] as const) {
    for (const key of Reflect.ownKeys(section)) {
      if (budget.isSpent) return;
      const text = unstorable(section, key, prefix, budget)?.text;
      // The items of a list count as one path.
      const path = text?.replace(/\d+/g, '');
      if (path === undefined || context.warned.has(path) || context.warned.size >= MAX_WARNINGS) continue;
      context.warned.add(path);
      context.log('warn', `page '${request.page}': ${text} (harmless while persistent_session is false)`);
    }
  }
}

function unstorable(
  attributes: object,
  key: string | symbol,
  prefix: string,
  budget: SessionBudget,
): Problem | undefined {
  try {
    encodeAttribute(attributes, key, prefix, budget);
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
