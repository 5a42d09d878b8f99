// What is never served, by name (contract section 4). Compared in lower case, so that a disk that does not tell
// `.PIH` from `.pih` gives nothing away.

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

/** Whether a part of a URL path names something that is never served, whatever it is on disk. */
export function isHiddenName(part: string): boolean {
  const name = part.toLowerCase();
  if (name.startsWith('_') || (name.startsWith('.') && name !== '.well-known')) return true;
  if (HIDDEN_NAMES.has(name) || hasUnsafeCharacter(name)) return true;
  return [...SOURCE_ENDINGS, ...LEFTOVER_ENDINGS].some((ending) => name.endsWith(ending));
}

/** Whether a file is a page's source. */
export function isPageName(name: string): boolean {
  return name.toLowerCase().endsWith(PAGE_ENDING);
}

/** NUL and control characters, separators, and what Windows strips or reads as a stream (`cart.pih.`, `cart.pih::$DATA`). */
function hasUnsafeCharacter(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return /[\u0000-\u001f\u007f/\\:]|[. ]$/.test(name);
}
