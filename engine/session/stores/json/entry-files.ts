// The files of entries: the text of an entry is the file's content, its deadline the file's modification time (1970: never).
// A file is replaced as a whole or not at all (entry-replacement.ts). Which request may change it is for the locks to know.

import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  futimesSync,
  linkSync,
  lstatSync,
  lutimesSync,
  openSync,
  readSync,
  renameSync,
  type Stats,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { DriverEntry } from '../locking/store-driver.ts';
import { hasCode, ifThere, inFolder } from './file-calls.ts';

/** One file as it is. */
export interface StoredFile extends DriverEntry {
  readonly size: number;
}

/** No link is followed, and a pipe is not waited for. */
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const WRITE_NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/**
 * The time in which a replaced file is not written to, in ms. Reading takes some microseconds. A reader that took longer was
 * halted meanwhile, and reads again.
 */
export const GRACE_MS = 100;
const MOST_READINGS = 10;

/** The file under a name, without its lock; undefined if there is none. */
export function readUnlocked(path: string): StoredFile | undefined {
  for (let readings = 0; readings < MOST_READINGS; readings++) {
    const began = performance.now();
    const stored = readLocked(path);
    if (performance.now() - began < GRACE_MS) return stored;
  }
  throw new Error(`reading a file took longer than ${GRACE_MS} ms, ${MOST_READINGS} times`);
}

/** The file under a name whose lock is held; undefined if there is none. */
export function readLocked(path: string): StoredFile | undefined {
  let file: number;
  try {
    file = openSync(path, READ);
  } catch (error) {
    return hasCode(error, 'ENOENT') ? undefined : damaged(path, error);
  }
  try {
    const stats = fstatSync(file);
    const bytes = stats.isFile() ? contentOf(file, stats.size) : Buffer.alloc(0);
    return { text: isUtf8(bytes) ? bytes.toString() : '', deadline: deadlineIn(stats), size: stats.size };
  } finally {
    closeSync(file);
  }
}

function contentOf(file: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let read = 0;
  while (read < size) {
    const more = readSync(file, bytes, read, size - read, null);
    if (more === 0) break;
    read += more;
  }
  return bytes.subarray(0, read);
}

/** The deadline of what is under a name; undefined where nothing is. */
export function deadlineOf(path: string): number | undefined {
  return ifThere(() => deadlineIn(lstatSync(path)), undefined);
}

/** Makes a file where none is; whether it did. */
export function addFile(path: string, entry: DriverEntry, fsync: boolean): boolean {
  const whole = `${path}.${randomBytes(9).toString('base64url')}.tmp`;
  writeNewFile(whole, entry, fsync);
  try {
    linkSync(whole, path);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    unlinkSync(whole);
  }
  if (fsync) syncFolder(dirname(path));
  return true;
}

/** Moves the deadline of the file that is open now; one that comes in its place keeps its own. */
export function moveDeadline(path: string, deadline: number, from?: number): boolean {
  const file = ifThere(() => openSync(path, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0)), undefined);
  if (file === undefined) return false;
  try {
    if (from !== undefined && deadlineIn(fstatSync(file)) !== from) return false;
    setDeadline(file, deadline);
    return true;
  } finally {
    closeSync(file);
  }
}

/** Puts what is under a name under another one, whatever it is. */
export function putAside(path: string, aside: string, deadline: number): void {
  let name = aside;
  try {
    renameSync(path, name);
  } catch (error) {
    if (!hasCode(error, 'EISDIR', 'ENOTDIR', 'ENOTEMPTY', 'EEXIST')) throw error;
    name = `${aside}.${randomBytes(6).toString('hex')}`;
    renameSync(path, name);
  }
  // The time is only for the sweep.
  ifThere(() => lutimesSync(name, deadline / 1000, deadline / 1000), undefined);
}

/** Writes an entry to a file that is not there yet. */
export function writeNewFile(name: string, entry: DriverEntry, fsync: boolean): void {
  const file = inFolder(name, () => openSync(name, WRITE_NEW, 0o600));
  try {
    writeAndClose(file, entry, { fsync });
  } catch (error) {
    unlinkSync(name);
    throw error;
  }
}

/** How an entry is written: `cutTo`: the size of its text, where the file is longer. */
interface WriteOptions {
  readonly fsync: boolean;
  readonly cutTo?: number | undefined;
}

/** Writes an entry to a file from its beginning on. */
export function writeAndClose(file: number, { text, deadline }: DriverEntry, options: WriteOptions): void {
  try {
    writeWhole(file, text);
    if (options.cutTo !== undefined) ftruncateSync(file, options.cutTo);
    setDeadline(file, deadline);
    if (options.fsync) fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A call may write less than it was given. */
function writeWhole(file: number, text: string): void {
  const written = writeSync(file, text);
  const size = Buffer.byteLength(text);
  if (written === size) return;
  const bytes = Buffer.from(text);
  for (let done = written; done < size; ) done += writeSync(file, bytes, done);
}

function setDeadline(file: number, deadline: number): void {
  futimesSync(file, deadline / 1000, deadline / 1000);
}

/** A folder, a link or a pipe under the name of an entry has no deadline: it stays until it is quarantined. */
function deadlineIn(stats: Stats): number {
  return stats.isFile() ? Math.round(stats.mtimeMs) : 0;
}

/** A circle of links, or a file that this user may not read. Errors of the folder are those of the store. */
function damaged(path: string, error: unknown): StoredFile {
  if (!hasCode(error, 'ELOOP', 'EMLINK', 'EACCES', 'EPERM', 'ENXIO', 'EISDIR')) throw error;
  const stats = lstatSync(path);
  return { text: '', deadline: deadlineIn(stats), size: stats.size };
}

/** Makes the names in a folder outlast a power failure. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
