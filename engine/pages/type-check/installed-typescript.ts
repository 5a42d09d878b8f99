// Finds the TypeScript that checks a site: the site's own, else the one installed beside karrigell; and Node's types in
// the same way. Only the program `tsc` is used, because version 7 has no other interface.

import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { valueAt } from '../../../config/leaves.ts';
import { Problem } from '../../diagnostics/problem.ts';

/** An installed TypeScript. */
export interface TypeScript {
  readonly version: string;
  /** The path of the script to run with Node. */
  readonly tsc: string;
}

/**
 * Finds TypeScript from `folder`, then from karrigell's own folder; undefined if it is not installed.
 * @throws Problem `typescript-version`
 */
export function findTypeScript(folder: string, own = import.meta.dirname): TypeScript | undefined {
  const manifest = manifestOf('typescript', [folder, own]);
  if (manifest === undefined) return undefined;
  const { version, bin } = contentsOf(manifest);
  const home = dirname(manifest);
  if (!isSupported(version)) {
    throw new Problem('typescript-version', { params: { version, folder: home }, value: version });
  }
  return { version, tsc: join(home, bin) };
}

/** The packages that a type check needs and that are installed neither for the folder nor for karrigell. */
export function missingPackages(folder: string): string[] {
  const folders = [folder, import.meta.dirname];
  return ['typescript', '@types/node'].filter((name) => manifestOf(name, folders) === undefined);
}

/** The file that declares the types of Node; undefined if they are not installed. */
export function findNodeTypes(folder: string): string | undefined {
  const manifest = manifestOf('@types/node', [folder, import.meta.dirname]);
  return manifest === undefined ? undefined : join(dirname(realpathSync.native(manifest)), 'index.d.ts');
}

function manifestOf(name: string, folders: readonly string[]): string | undefined {
  for (const folder of folders) {
    try {
      return createRequire(join(folder, 'file')).resolve(`${name}/package.json`);
    } catch {
      // The package is not installed for this folder.
    }
  }
  return undefined;
}

function contentsOf(manifest: string): { version: string; bin: string } {
  const content: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
  const version: unknown = valueAt(content, ['version']);
  const bin: unknown = valueAt(content, ['bin', 'tsc']);
  return { version: String(version), bin: typeof bin === 'string' ? bin : 'bin/tsc' };
}

function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return (major > 5 || (major === 5 && minor >= 9)) && major < 8;
}
