// Whether a page tells one request method from another: it reads REQUEST.method, or hands REQUEST on.

import type { Use } from '../scopes.ts';
import type { Survey } from './survey.ts';

/** The members of REQUEST that say nothing of the method. */
const OTHERS: ReadonlySet<string> = new Set([
  'url',
  'path',
  'headers',
  'cookies',
  'ip',
  'body',
  'json',
  'signal',
]);

export function asksMethod(uses: readonly Use[], found: Survey): boolean {
  return uses.some((use) => !OTHERS.has(found.members.get(use.start) ?? ''));
}
