// Names of files that are never served (README.md, *From URL to file*). Names are compared in lower case, so that `.PIH` is hidden
// on a case-insensitive disk, too. Values of bracketed names are no file names and are not judged here.

/** The extension of page files. */
export const PAGE_ENDING = '.pih';

const SOURCE_ENDINGS = ['.ts', '.mts', '.cts', '.tsx'];
const LEFTOVER_ENDINGS = ['~', '.bak', '.orig', '.swp', '.swo', '.old', '.tmp'];
const HIDDEN_NAMES: ReadonlySet<string> = new Set([
  'node_modules',
  'package.json',
  'package-lock.json',
  // Hidden by name, too: a configuration file that is not loaded may also hold secrets.
  'karrigell.config.json',
]);
const HIDDEN_ENDINGS = [...SOURCE_ENDINGS, ...LEFTOVER_ENDINGS];

/** Whether a file or folder of this name is never served. */
export function isHiddenName(file: string, isWindows = process.platform === 'win32'): boolean {
  const name = file.toLowerCase();
  if (name.startsWith('_') || (name.startsWith('.') && name !== '.well-known')) return true;
  if (HIDDEN_NAMES.has(name) || name.includes('\\') || (isWindows && hasOtherMeaning(name))) return true;
  return HIDDEN_ENDINGS.some((ending) => name.endsWith(ending));
}

/** Whether the name is that of a page. */
export function isPageFile(name: string): boolean {
  return name.toLowerCase().endsWith(PAGE_ENDING);
}

/** Whether Windows opens another file for a name (`cart.pih.`, `cart.pih::$DATA`), or a device (`nul.txt`). */
function hasOtherMeaning(name: string): boolean {
  return /:|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/.test(name);
}
