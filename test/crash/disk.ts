// A disk of some megabytes in a mount namespace of its own, which no other process sees and which ends with its last process;
// the faults that a disk can have; and the limit of open files. It needs Linux with util-linux.

import { execFile, execFileSync } from 'node:child_process';
import { appendFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The command through which a program must be run that mounts disks. */
export const WITH_OWN_MOUNTS = ['unshare', '--user', '--map-root-user', '--mount'] as const;

/** Why a disk of one's own cannot be had here; undefined: it can. */
export const diskMissing = canMount() ? undefined : 'a disk of one’s own needs Linux and its unshare';

function canMount(): boolean {
  const [command, ...args] = WITH_OWN_MOUNTS;
  try {
    execFileSync(command, [...args, 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const MEBIBYTE = 1 << 20;
/** The size of a page of tmpfs. */
const PAGE = 4096;

/** Makes a folder that is a disk. */
export async function mountDisk(folder: string): Promise<void> {
  await mkdir(folder);
  await run('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'none', folder]);
}

/** Also when somebody still has files open on it. */
export async function unmount(folder: string): Promise<void> {
  await run('umount', ['--lazy', folder]);
}

/** Fills the disk to its last page, and keeps it full; gives what frees it. */
export async function fillDisk(folder: string): Promise<() => Promise<void>> {
  const ballast = join(folder, 'ballast');
  const grow = (bytes: number) => succeeds(appendFile(ballast, Buffer.alloc(bytes)));
  while (await grow(MEBIBYTE)) {}
  let wanted = true;
  const filling = (async () => {
    while (wanted) if (!(await grow(PAGE))) await pause(1);
  })();
  return async () => {
    wanted = false;
    await filling;
    await rm(ballast);
  };
}

/** Nothing can be written, as after an error of the disk; gives what ends that. */
export async function setReadOnly(folder: string): Promise<() => Promise<void>> {
  const remount = async (how: 'ro' | 'rw') => {
    // Refused while a file is open for writing.
    while (!(await succeeds(run('mount', ['-o', `remount,${how}`, 'none', folder])))) await pause(1);
  };
  await remount('ro');
  return () => remount('rw');
}

/** The server may open nothing more than it has open; gives what ends that. */
export async function forbidFiles(pid: number): Promise<() => Promise<void>> {
  const { open, limit } = await filesOf(pid);
  await setLimit(pid, open);
  return () => setLimit(pid, limit);
}

/** The number that the next file would get, and the one that none gets. */
async function filesOf(pid: number): Promise<{ open: number; limit: number }> {
  const limits = await readFile(`/proc/${pid}/limits`, 'utf8');
  const taken = new Set((await readdir(`/proc/${pid}/fd`)).map(Number));
  let open = 0;
  while (taken.has(open)) open++;
  return { open, limit: Number(/^Max open files +(\d+)/m.exec(limits)?.[1]) };
}

async function setLimit(pid: number, limit: number): Promise<void> {
  await run('prlimit', ['--pid', String(pid), `--nofile=${limit}:`]);
}

async function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
