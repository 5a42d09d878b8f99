// Refuses unknown options of a call, because a misspelt option would be ignored silently.

import { nearestName } from './nearest.ts';
import { Problem } from './problem.ts';

/**
 * Checks the names of options.
 * @param call the call as it is written, for the error
 * @param meantBy finds the known name that an unknown one probably stands for
 * @throws Problem `unknown-option`, `options-type`
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
