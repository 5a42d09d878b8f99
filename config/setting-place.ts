// Finds the position of a setting in the configuration file, for errors that are found after loading, such as a missing
// file.

import { readFileSync } from 'node:fs';
import { type Place, Problem } from '../engine/diagnostics/problem.ts';
import { parsedJson } from './json-file.ts';
import { valueAt } from './leaves.ts';

/** The position of a setting's value; empty if the file does not set it (a variable or an option does). */
export function settingPlace(file: string | undefined, path: readonly string[]): Place {
  if (file === undefined) return {};
  try {
    const json = parsedJson(readFileSync(file, 'utf8'), file);
    return valueAt(json.value, path) === undefined ? {} : json.placeOf(path, 'value');
  } catch (error) {
    // The file is being saved, so the error is reported without a position.
    if (error instanceof Problem || (error instanceof Error && 'syscall' in error)) return {};
    throw error;
  }
}
