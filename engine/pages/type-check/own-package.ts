// The names under which a site imports modules of its own package: its name with `exports`, and `#names` of `imports` (Node's
// documentation, "Packages"). In the folder of typed modules those files are missing, so the names are told to tsc as `paths`.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The conditions under which modules of a site run, and that of their types. */
const CONDITIONS: ReadonlySet<string> = new Set(['types', 'node', 'import', 'module-sync', 'default']);

/** The names of the package around a folder with the absolute paths of their files, as `paths` of a tsconfig.json have them. */
export function ownPackagePaths(root: string): Record<string, string[]> {
  const found = manifestAround(root);
  if (found === undefined) return {};
  const { name, exports, imports } = found.manifest;
  const named =
    typeof name === 'string'
      ? entriesOf(exports).map(([path, target]) => [name + path.slice(1), target])
      : [];
  const own = isRecord(imports) ? Object.entries(imports) : [];
  const paths = [...named, ...own].map(([specifier, target]): [string, string[]] => [
    String(specifier),
    targetsOf(target, found.folder),
  ]);
  return Object.fromEntries(paths.filter(([specifier, files]) => files.length > 0 && hasOneStar(specifier)));
}

interface FoundManifest {
  readonly folder: string;
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** The nearest package.json. */
function manifestAround(folder: string): FoundManifest | undefined {
  const text = textOf(join(folder, 'package.json'));
  if (text === undefined) return dirname(folder) === folder ? undefined : manifestAround(dirname(folder));
  try {
    const manifest: unknown = JSON.parse(text);
    return isRecord(manifest) ? { folder, manifest } : undefined;
  } catch {
    return undefined;
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** The subpaths of `exports` with their targets; `exports` may also be the target of the package itself. */
function entriesOf(exports: unknown): [path: string, target: unknown][] {
  if (isRecord(exports) && Object.keys(exports).every((key) => key.startsWith('.')))
    return Object.entries(exports);
  return exports === undefined ? [] : [['.', exports]];
}

/** The files of a target. A target in another package is found without `paths`. */
function targetsOf(target: unknown, folder: string): string[] {
  if (typeof target === 'string')
    return target.startsWith('./') && hasOneStar(target) ? [join(folder, target)] : [];
  if (Array.isArray(target)) return target.flatMap((each) => targetsOf(each, folder));
  if (!isRecord(target)) return [];
  for (const [condition, each] of Object.entries(target)) {
    const files = CONDITIONS.has(condition) ? targetsOf(each, folder) : [];
    if (files.length > 0) return files;
  }
  return [];
}

/** `paths` allows one `*` at most. */
function hasOneStar(text: string): boolean {
  return text.split('*').length <= 2;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
