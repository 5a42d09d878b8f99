// Which uses of RESPONSE may send what the page has printed so far: its flush(), and whatever hands RESPONSE on.

import type { Use } from '../scopes.ts';
import type { Survey } from './survey.ts';

/** The members that leave the output alone. */
const QUIET: ReadonlySet<string> = new Set(['status', 'headers', 'setCookie', 'deleteCookie', 'send']);

export function flushes(uses: readonly Use[], found: Survey): Use[] {
  return uses.filter((use) => !QUIET.has(found.members.get(use.start) ?? ''));
}
