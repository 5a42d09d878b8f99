// Where the JSON store keeps its files: <dir>/<first two digits>/<key>.json, locks beside them or below a folder of their
// own. Keys without a SHA-256 in them are the store's own; their files stand in the folder itself.

import { sep } from 'node:path';

/** Where the files are when the configuration names no folder, relative to the configuration file. */
export const DEFAULT_DIR = '.karrigell/sessions';

const KEY = /^(?:[a-z]+\.)?([0-9a-f]{64})(?:\.damaged)?$/;
const ENDING = '.json';
const LOCK_ENDING = '.lock';

/** The folders of one store: absolute, without a separator at the end. */
export interface Folders {
  readonly dir: string;
  readonly lockDir: string;
}

/** The file of an entry. Not by path.join(), which takes a microsecond to find that these paths are normal. */
export function fileOf({ dir }: Folders, key: string): string {
  const subfolder = subfolderOf(key);
  return subfolder === '' ? dir + sep + key : dir + sep + subfolder + sep + key + ENDING;
}

/** The lock of an entry. */
export function lockOf({ lockDir }: Folders, key: string): string {
  const subfolder = subfolderOf(key);
  return lockDir + sep + (subfolder === '' ? '' : subfolder + sep) + key + LOCK_ENDING;
}

/** The key of a file in a subfolder; undefined for a file that is not the store's. */
export function keyOfFile(name: string): string | undefined {
  const key = name.endsWith(ENDING) ? name.slice(0, -ENDING.length) : '';
  return KEY.test(key) ? key : undefined;
}

/** The subfolder of a key; '' for a key of the store's own. */
export function subfolderOf(key: string): string {
  return KEY.exec(key)?.[1]?.slice(0, 2) ?? '';
}
