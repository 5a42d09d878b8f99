// Files that are never served, by their names (contract section 4). Names are compared in lower case, so that a disk that
// does not tell `.PIH` from `.pih` gives nothing away. Values of bracketed names are no file names and are not judged here.

/** The ending of pages. */
export const PAGE_ENDING = '.pih';

const SOURCE_ENDINGS = ['.ts', '.mts', '.cts', '.tsx'];
const LEFTOVER_ENDINGS = ['~', '.bak', '.orig', '.swp', '.swo', '.old', '.tmp'];
const HIDDEN_NAMES: ReadonlySet<string> = new Set([
  'node_modules',
  'package.json',
  'package-lock.json',
  // By name too: one that is not loaded, or not yet, may hold secrets as well.
  'karrigell.config.json',
]);
const HIDDEN_ENDINGS = [...SOURCE_ENDINGS, ...LEFTOVER_ENDINGS];

/** Whether a file or folder of this name is never served, whatever it is on disk. */
export function isHiddenName(file: string, isWindows = process.platform === 'win32'): boolean {
  const name = file.toLowerCase();
  if (name.startsWith('_') || (name.startsWith('.') && name !== '.well-known')) return true;
  if (HIDDEN_NAMES.has(name) || name.includes('\\') || (isWindows && hasOtherMeaning(name))) return true;
  return HIDDEN_ENDINGS.some((ending) => name.endsWith(ending));
}

/** Whether a file is a page's source. */
export function isPageFile(name: string): boolean {
  return name.toLowerCase().endsWith(PAGE_ENDING);
}

/** A name of which Windows opens another file (`cart.pih.`, `cart.pih::$DATA`) or a device (`nul.txt`). */
function hasOtherMeaning(name: string): boolean {
  return /:|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/.test(name);
}
