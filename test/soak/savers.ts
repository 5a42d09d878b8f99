// The ways in which people copy a set of files onto a server: file by file, by tools, by a switched link.

import { execFile, execFileSync } from 'node:child_process';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { saveByRename, saveInPlace, writeTree } from './file-saving.ts';
import { oneOf, type Random } from './random.ts';
import type { Files } from './site-set.ts';

/** The ways that can be named on the command line. */
export const SAVE_MODES = ['place', 'rename', 'rsync', 'git', 'link'] as const;
export type SaveMode = (typeof SAVE_MODES)[number];

/** Saves set after set of one site. */
export interface Saver {
  /** The folder that is served. */
  readonly root_dir: string;
  save(files: Files): Promise<void>;
}

/** Why a mode cannot be tried on this machine; undefined: it can. */
export function whyNot(mode: SaveMode): string | undefined {
  if (mode !== 'rsync' && mode !== 'git') return undefined;
  try {
    execFileSync(mode, ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `${mode} is not installed; its mode is skipped`;
  }
}

/** Saves the first set below a folder. */
export async function openSaver(
  mode: SaveMode,
  folder: string,
  random: Random,
  first: Files,
): Promise<Saver> {
  if (mode === 'rsync') return rsyncSaver(folder, first);
  if (mode === 'git') return gitSaver(folder, first);
  if (mode === 'link') return linkSaver(folder, random, first);
  const root_dir = join(folder, 'site');
  await writeTree(root_dir, new Map(), first);
  let saved = first;
  const way = mode === 'place' ? saveInPlace : saveByRename;
  const save = async (files: Files) => {
    await way(root_dir, saved, files, random);
    saved = files;
  };
  return { root_dir, save };
}

/** `rsync -a` writes in alphabetical order, each file under a name of its own first. */
async function rsyncSaver(folder: string, first: Files): Promise<Saver> {
  const [source, root_dir] = [join(folder, 'source'), join(folder, 'site')];
  let saved: Files = new Map();
  const save = async (files: Files) => {
    await writeTree(source, saved, files);
    saved = files;
    await run('rsync', ['-a', '--delete', `${source}/`, `${root_dir}/`]);
  };
  await save(first);
  return { root_dir, save };
}

/** A checkout that goes from commit to commit of another repository. */
async function gitSaver(folder: string, first: Files): Promise<Saver> {
  const [author, served] = [join(folder, 'author'), join(folder, 'served')];
  const git = (repository: string, ...args: string[]) => run('git', ['-C', repository, ...GIT_USER, ...args]);
  for (const repository of [author, served]) {
    await mkdir(repository);
    await git(repository, 'init', '-q');
  }
  let saved: Files = new Map();
  const save = async (files: Files) => {
    await writeTree(join(author, 'site'), saved, files);
    saved = files;
    await git(author, 'add', '-A');
    await git(author, 'commit', '-q', '-m', 'set');
    await git(served, 'fetch', '-q', author, 'HEAD');
    await git(served, 'checkout', '-q', '--detach', 'FETCH_HEAD');
  };
  await save(first);
  return { root_dir: join(served, 'site'), save };
}

const GIT_USER = ['-c', 'user.name=soak', '-c', 'user.email=soak@localhost', '-c', 'gc.auto=0'];

/** Each set is a release in a folder of its own; a link says which one is served. Old releases are removed. */
async function linkSaver(folder: string, random: Random, first: Files): Promise<Saver> {
  const current = join(folder, 'current');
  let number = 0;
  const save = async (files: Files) => {
    const release = join(folder, `release-${++number}`);
    await writeTree(join(release, 'site'), new Map(), files);
    if (oneOf(random, [true, false])) await run('ln', ['-sfn', release, current]);
    else {
      await symlink(release, `${current}-next`);
      await rename(`${current}-next`, current);
    }
    await rm(join(folder, `release-${number - KEPT_RELEASES}`), { recursive: true, force: true });
  };
  await save(first);
  return { root_dir: join(current, 'site'), save };
}

/** A release is removed when so many later ones are there. */
const KEPT_RELEASES = 3;

const runFile = promisify(execFile);

async function run(command: string, args: readonly string[]): Promise<void> {
  await runFile(command, args);
}
