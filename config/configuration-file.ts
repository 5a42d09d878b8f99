// Finds and reads the configuration file.

import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Problem } from '../engine/diagnostics/problem.ts';

/** The name of the configuration file. */
export const CONFIGURATION_FILE = 'karrigell.config.json';

/** The search for the configuration file. */
export interface FileSearch {
  /**
   * The path of the file; by default the nearest karrigell.config.json from the folder `from` upwards, if there is one.
   */
  readonly file?: string | undefined;
  /** The folder in which the search begins; `cwd` by default. */
  readonly from?: string | undefined;
  readonly cwd: string;
}

/**
 * Absolute path of the configuration file; undefined if none is given and none is found.
 * @throws Problem `config-file-missing`
 */
export function configurationFile({ file, cwd, from = '.' }: FileSearch): string | undefined {
  if (file === undefined) return nearestConfiguration(resolve(cwd, from));
  const given = resolve(cwd, file);
  if (!existsSync(given)) throw new Problem('config-file-missing', { file: given });
  return given;
}

/** The configuration file of a folder or of the nearest folder above it. */
function nearestConfiguration(folder: string): string | undefined {
  const file = join(folder, CONFIGURATION_FILE);
  if (isPresent(file)) return file;
  const above = dirname(folder);
  return above === folder ? undefined : nearestConfiguration(above);
}

/**
 * Whether a file or link exists. A broken link counts: while a release is switched, no file further up may take its
 * place.
 */
function isPresent(file: string): boolean {
  try {
    lstatSync(file);
    return true;
  } catch {
    return false;
  }
}

/** @throws Problem `config-file-unreadable` */
export function configurationText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('config-file-unreadable', { file, params: { what }, cause });
  }
}
