// The files that a chapter of docs/ shows, each below its name, used as a site.

import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { folderWith } from '../folder.ts';
import { serveSite, type TestSite } from '../site-fixture.ts';

export const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** The files of a chapter by their names, such as `site/cart.pih`. */
export async function chapterFiles(chapter: string): Promise<Record<string, string>> {
  const text = await readFile(join(REPOSITORY, 'docs', chapter), 'utf8');
  const shown = [...text.matchAll(/^`([^`\n]+)`:\n\n```\w+\n([\s\S]*?)```$/gm)];
  return Object.fromEntries(shown.map(([, name = '', content = '']) => [name, content]));
}

/** The files of a chapter as a site that is served. */
export async function chapterSite(t: ExecutionContext, chapter: string): Promise<TestSite> {
  const files = Object.entries(await chapterFiles(chapter));
  return serveSite(
    t,
    Object.fromEntries(files.map(([name, content]) => [name.replace('site/', ''), content])),
  );
}

/** A folder with files in which TypeScript and the types of Node are installed. */
export async function typedFolder(t: ExecutionContext, files: Record<string, string>): Promise<string> {
  const folder = await folderWith(t, { ...files, 'package.json': { type: 'module' } });
  await mkdir(join(folder, 'node_modules/@types'), { recursive: true });
  for (const name of ['typescript', '@types/node'])
    await symlink(join(REPOSITORY, 'node_modules', name), join(folder, 'node_modules', name), 'junction');
  return folder;
}
