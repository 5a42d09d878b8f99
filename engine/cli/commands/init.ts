// karrigell init [dir]: writes a small working site. An existing file is never overwritten.

import { lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Problem } from '../../diagnostics/problem.ts';
import { messageOf } from '../../diagnostics/thrown.ts';
import { newSiteFiles, packagePath, SCRIPTS, type Template } from '../new-site.ts';

/** The options of the command itself. */
export interface InitOptions {
  readonly template: Template;
}

/** Writes the site and names every file, written or left alone. */
export function init(dir: string, { template }: InitOptions): void {
  const left: string[] = [];
  for (const [name, content] of newSiteFiles(dir, template)) {
    const file = join(dir, name);
    const shown = relative(process.cwd(), file);
    const isNew = writeIfAbsent(file, content, dir);
    if (!isNew) left.push(name);
    process.stdout.write(isNew ? `wrote ${shown}\n` : `left ${shown} alone: it is there already\n`);
  }
  process.stdout.write(`\n${left.includes('package.json') ? ownScripts() : ''}${nextSteps(dir)}`);
}

function ownScripts(): string {
  const scripts = Object.entries(SCRIPTS).map(([name, command]) => `  "${name}": "${command}"`);
  return `Scripts for your package.json ("type" must be "module"):\n${scripts.join(',\n')}\n\n`;
}

function nextSteps(dir: string): string {
  const enter = dir === '.' ? '' : `  cd ${dir}\n`;
  const extension = packagePath(dir, 'editors/karrigell-pages.vsix');
  return `Start it:
${enter}  npm install
  npm run dev

Pages in VS Code:
  code --install-extension ${extension}
`;
}

/** False if there is such a file already. */
function writeIfAbsent(file: string, content: string, folder: string): boolean {
  try {
    // A link that leads nowhere exists as well.
    if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) return false;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { flag: 'wx' });
    return true;
  } catch (cause) {
    const what = messageOf(cause);
    throw new Problem('folder-not-writable', { params: { folder, what }, cause });
  }
}
