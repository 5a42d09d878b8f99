// Refuses an option that a call does not have: a misspelt one would be ignored without a word.

import { nearestName } from './nearest.ts';
import { Problem } from './problem.ts';

/**
 * @param call the name of the call, as its caller writes it
 * @param meantBy the known name that an unknown one may stand for
 * @throws Problem `unknown-option`
 */
export function refuseUnknownOptions(
  call: string,
  given: unknown,
  known: readonly string[],
  meantBy = nearestName,
): void {
  if (given === undefined) return;
  if (typeof given !== 'object' || given === null) {
    throw new Problem('options-type', { params: { call, type: given === null ? 'null' : typeof given } });
  }
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const meant = meantBy(name, known);
    const expected = meant === undefined ? `one of ${known.join(', ')}` : `'${meant}'`;
    throw new Problem('unknown-option', { params: { call, name, expected }, value: name });
  }
}
