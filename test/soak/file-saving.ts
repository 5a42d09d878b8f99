// Saves a changed set file by file, as editors and upload tools do: in place, in pieces, by rename, with pauses.

import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { integer, oneOf, type Random, shuffled } from './random.ts';
import { cutsOf, type Files } from './site-set.ts';

/** Makes a folder's files those of the next set, at once. */
export async function writeTree(root: string, before: Files, next: Files): Promise<void> {
  for (const [name, text] of changesOf(before, next)) {
    if (text === undefined) await rm(join(root, name));
    else {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await writeFile(join(root, name), text);
    }
  }
}

/** Writes the files where they are, in a random order: whole, in pieces, or deleted and added again. */
export function saveInPlace(root: string, before: Files, next: Files, random: Random): Promise<void> {
  return saveEach(root, before, next, random, async (file, text) => {
    const isPage = !basename(file).startsWith('_');
    const way = oneOf(random, ['whole', 'pieces', isPage ? 'whole' : 'again']);
    if (way === 'again') {
      await rm(file, { force: true });
      await pauseWithin(random);
    }
    if (way === 'pieces') await writeInPieces(file, text, random);
    else await writeFile(file, text);
  });
}

/** Writes each file under another name, and renames it. */
export function saveByRename(root: string, before: Files, next: Files, random: Random): Promise<void> {
  return saveEach(root, before, next, random, async (file, text) => {
    const name = oneOf(random, [`.${basename(file)}.aB3xY9`, `${basename(file)}.tmp`, `${basename(file)}~`]);
    const beside = join(dirname(file), name);
    await writeFile(beside, text);
    await pause(integer(random, 0, 20));
    await rename(beside, file);
  });
}

async function saveEach(
  root: string,
  before: Files,
  next: Files,
  random: Random,
  write: (file: string, text: string) => Promise<void>,
): Promise<void> {
  for (const [name, text] of shuffled(random, changesOf(before, next))) {
    if (text === undefined) await rm(join(root, name));
    else await write(join(root, name), text);
    await pauseWithin(random);
  }
}

/** Sometimes longer than the server gathers changes. */
async function pauseWithin(random: Random): Promise<void> {
  await pause(random() < 0.06 ? integer(random, 300, 600) : integer(random, 0, 50));
}

/** The file never compiles before its last piece is written. */
async function writeInPieces(file: string, text: string, random: Random): Promise<void> {
  const { first, last } = cutsOf(text);
  const cuts = [integer(random, first, last), integer(random, first, last)].sort((a, b) => a - b);
  const handle = await open(file, 'w');
  let written = 0;
  for (const end of [...cuts, text.length]) {
    await handle.write(text.slice(written, end));
    written = end;
    if (end < text.length) await pauseWithin(random);
  }
  await handle.close();
}

/** The text of each file that differs; undefined where it is deleted. */
function changesOf(before: Files, next: Files): [name: string, text: string | undefined][] {
  const names = [...new Set([...before.keys(), ...next.keys()])];
  return names.filter((name) => before.get(name) !== next.get(name)).map((name) => [name, next.get(name)]);
}
