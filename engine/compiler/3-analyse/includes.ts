// The pages that a page names by a literal path in Include or Layout.

import type { Lines } from '../../diagnostics/position.ts';
import type { IncludeFact } from '../facts.ts';
import type { Use } from '../scopes.ts';
import type { Survey } from './survey.ts';

export function literalIncludes(uses: readonly Use[], found: Survey, lines: Lines): IncludeFact[] {
  const includes: IncludeFact[] = [];
  for (const use of uses) {
    const call = found.calls.get(use.start);
    const path = call?.arguments[0];
    if (call === undefined || path?.type !== 'Literal' || typeof path.value !== 'string') continue;
    includes.push({ path: path.value, awaited: found.awaited.has(call), ...lines.at(use.start) });
  }
  return includes;
}
