// karrigell init [dir]: writes a small working site; a file that is there already is left alone.

import { lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Problem } from '../../diagnostics/problem.ts';
import { messageOf } from '../../diagnostics/thrown.ts';
import { STARTER_SITE } from '../starter-site.ts';

/** Writes the site and names every file, written or left alone. */
export function init(dir: string): void {
  const lines = Object.entries(STARTER_SITE).map(([name, content]) => {
    const file = join(dir, name);
    const shown = relative(process.cwd(), file);
    return written(file, content, dir) ? `wrote ${shown}` : `left ${shown} alone: it is there already`;
  });
  const start = dir === '.' ? 'npx karrigell' : `cd ${dir} && npx karrigell`;
  process.stdout.write(`${lines.join('\n')}\n\nStart it: ${start}\n`);
}

function written(file: string, content: string, folder: string): boolean {
  try {
    // A link that leads nowhere is there, too.
    if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) return false;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { flag: 'wx' });
    return true;
  } catch (cause) {
    const what = messageOf(cause);
    throw new Problem('folder-not-writable', { params: { folder, what }, cause });
  }
}
