// The karrigell that a site is run with: the one whose compiler and types an editor must agree with. It is looked for from
// the page's folder upwards, installed in node_modules or being the project itself.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The exports of engine/pages/type-check/editor.ts. */
export type Engine = typeof import('../../../../dist/engine/pages/type-check/editor.js');

/** The editor's part in the published package, and in the repository. */
const EDITORS = ['dist/editor.js', 'dist/engine/pages/type-check/editor.js'];

/** Undefined where no karrigell is installed, and where it is too old to have an editor's part. */
export async function engineFor(folder: string): Promise<Engine | undefined> {
  const home = homeOf(folder);
  const file = home === undefined ? undefined : editorIn(home);
  return file === undefined ? undefined : import(pathToFileURL(file).href);
}

function homeOf(folder: string): string | undefined {
  for (const home of [folder, join(folder, 'node_modules/karrigell')]) {
    if (isKarrigell(home)) return home;
  }
  const above = dirname(folder);
  return above === folder ? undefined : homeOf(above);
}

function isKarrigell(folder: string): boolean {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest) || editorIn(folder) === undefined) return false;
  const content: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
  return typeof content === 'object' && content !== null && 'name' in content && content.name === 'karrigell';
}

function editorIn(folder: string): string | undefined {
  return EDITORS.map((name) => join(folder, name)).find((file) => existsSync(file));
}
