// The folders of karrigell itself, in the repository as in the published package, whose code is bundled into one folder.

import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** The folder of the running code: `dist/engine/` in the repository, `dist/` in the published package. */
export const ENGINE_FOLDER = basename(here) === 'diagnostics' ? dirname(here) : here;

/** The nearest folder above the code that has a package.json. */
export const PACKAGE_FOLDER = folderWithManifest(here);

function folderWithManifest(folder: string): string {
  const above = dirname(folder);
  return existsSync(join(folder, 'package.json')) || above === folder ? folder : folderWithManifest(above);
}

/** The version of karrigell. */
export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : '';
}
