// Where a setting of the configuration file stands, for what is found wrong with it only later: that a file which it names
// is not there.

import { readFileSync } from 'node:fs';
import { type Place, Problem } from '../engine/diagnostics/problem.ts';
import { parsedJson } from './json-file.ts';
import { valueAt } from './leaves.ts';

/** The place of a setting's value; none where the file does not set it (a variable or an option does). */
export function settingPlace(file: string | undefined, path: readonly string[]): Place {
  if (file === undefined) return {};
  try {
    const json = parsedJson(readFileSync(file, 'utf8'), file);
    return valueAt(json.value, path) === undefined ? {} : json.placeOf(path, 'value');
  } catch (error) {
    // It was read a moment ago; if it is being saved, the setting is told without its place.
    if (error instanceof Problem || (error instanceof Error && 'syscall' in error)) return {};
    throw error;
  }
}
