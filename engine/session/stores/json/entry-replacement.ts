// How the file of an entry gets a new text: always by one rename over it, so that there is the old entry or the new one under
// its name at any time, for every process and after every kill.
//
// ext4 makes two things of that dear: a new inode (100 µs where many were deleted in the last five seconds), and a rename of a
// file whose blocks are not allocated yet (they are written to the disk at once). So the old file stays as a spare file of its
// session, under a name of this process, and gets the text of a later write. Under the session's lock:
//
//   1. The text is written to a spare file, or to a new one.  Killed: the entry is the old one. A file KEY.….tmp is left.
//   2. The lock is checked once more.
//   3. A second name is linked to the old file.               Killed: as before, and the old file has two names.
//   4. The file of step 1 is renamed to the entry's name.     Killed: the entry is the new one. The old file is left as .tmp.
//
// No step has to be completed or undone by the next holder of the lock. A .tmp file that is left is swept when it has not
// changed for a minute. No reader sees a text that is being written:
//   - A file with a second name (a killed process has left one, or a backup of hard links has) is never written to.
//   - A reader without the lock may have opened the file just before it was replaced. So a file is a spare file only when
//     GRACE_MS have passed since, and a reader that took as long reads again.
// A spare file gets texts of its own session alone: after a power failure an entry may have the text of an earlier write, as
// long as the system had not written the later one to the disk (half a minute). With fsync it cannot. A text that needs more
// than a block gets a new file, since its blocks could be of different writes.

import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, linkSync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Outcome } from '../../session-store.ts';
import type { DriverEntry } from '../locking/store-driver.ts';
import { GRACE_MS, syncFolder, writeAndClose, writeNewFile } from './entry-files.ts';
import { hasCode, unlinkIfThere, whenFree } from './file-calls.ts';

const BLOCK = 4096;

/** The time in ms without a write after which the spare files of a session are removed, because they have old data. */
const KEPT_MS = 10_000;

/** The most sessions that have spare files. */
const MOST_SESSIONS = 4096;

const OPEN_SPARE = constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

interface SpareFile {
  readonly name: string;
  /** When it was replaced. */
  readonly since: number;
}

/** The spare files of one session, the oldest first. */
interface SessionSpares {
  readonly files: SpareFile[];
  /** A name that is not in use. */
  freeName: string | undefined;
}

/** When a file may be replaced. */
export interface ReplaceCondition {
  /** Only where there is an entry. */
  readonly replaces: boolean;
  /** Asked when everything is written. */
  readonly isLocked: () => boolean;
}

/** Replaces the files of entries, and keeps the spare files of this process. */
export class EntryReplacement {
  readonly #fsync: boolean;
  readonly #keptMs: number;
  readonly #owner = randomBytes(6).toString('base64url');
  #names = 0;
  /** By the path of the entry's file; that of the last write at the end. */
  readonly #spares = new Map<string, SessionSpares>();
  #timer: NodeJS.Timeout | undefined;

  constructor(fsync: boolean, keptMs = KEPT_MS) {
    this.#fsync = fsync;
    this.#keptMs = keptMs;
  }

  /** Puts an entry in place of a file, or where none is. */
  replace(path: string, entry: DriverEntry, { replaces, isLocked }: ReplaceCondition): Outcome {
    const spares = this.#spares.get(path) ?? { files: [], freeName: undefined };
    const written = this.#written(path, spares, entry);
    let outcome: Outcome = 'lost';
    try {
      if (isLocked()) outcome = this.#putInPlace(written, path, spares, replaces);
    } finally {
      if (outcome !== 'done') unlinkIfThere(written);
    }
    return outcome;
  }

  /** The entry was removed or taken away: its old data go too. */
  drop(path: string): void {
    for (const { name } of this.#spares.get(path)?.files ?? []) unlinkIfThere(name);
    this.#spares.delete(path);
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const path of [...this.#spares.keys()]) this.drop(path);
  }

  /** The name of a file beside an entry's that has the new text. */
  #written(path: string, { files }: SessionSpares, entry: DriverEntry): string {
    const size = Buffer.byteLength(entry.text);
    const [oldest] = files;
    if (oldest !== undefined && size <= BLOCK && performance.now() - oldest.since >= GRACE_MS) {
      files.shift();
      if (isWrittenTo(oldest.name, entry, size, this.#fsync)) return oldest.name;
    }
    const name = this.#newName(path);
    writeNewFile(name, entry, this.#fsync);
    return name;
  }

  #putInPlace(written: string, path: string, spares: SessionSpares, replaces: boolean): Outcome {
    const second = spares.freeName ?? this.#newName(path);
    const old = linkOld(path, second);
    if (old === 'absent' && replaces) return 'gone';
    renameOver(written, path, old === 'linked' ? second : undefined);
    spares.freeName = written;
    if (old === 'linked') spares.files.push({ name: second, since: performance.now() });
    this.#keep(path, spares);
    if (this.#fsync) syncFolder(dirname(path));
    return 'done';
  }

  #newName(path: string): string {
    return `${path}.${this.#owner}${++this.#names}.tmp`;
  }

  #keep(path: string, spares: SessionSpares): void {
    this.#spares.delete(path);
    this.#spares.set(path, spares);
    const [first] = this.#spares.keys();
    if (this.#spares.size > MOST_SESSIONS && first !== undefined) this.drop(first);
    this.#timer ??= this.#dropLater();
  }

  /** Removes the spare files of sessions without a recent write, the oldest first; on a disk that is read-only now, later. */
  #dropOld(): void {
    const before = performance.now() - this.#keptMs;
    try {
      for (const [path, { files }] of this.#spares) {
        if ((files.at(-1)?.since ?? 0) > before) break;
        this.drop(path);
      }
    } catch {}
    this.#timer = this.#spares.size > 0 ? this.#dropLater() : undefined;
  }

  #dropLater(): NodeJS.Timeout {
    return setTimeout(() => this.#dropOld(), this.#keptMs / 10);
  }
}

/** Writes to a spare file; whether it could be used. One that could not is removed. */
function isWrittenTo(name: string, entry: DriverEntry, size: number, fsync: boolean): boolean {
  let isWritten = false;
  try {
    const file = openSync(name, OPEN_SPARE);
    const stats = fstatSync(file);
    if (stats.isFile() && stats.nlink === 1 && stats.size <= BLOCK) {
      writeAndClose(file, entry, { fsync, cutTo: stats.size > size ? size : undefined });
      isWritten = true;
    } else closeSync(file);
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ELOOP', 'ENXIO', 'EACCES', 'EPERM', 'EISDIR')) throw error;
  } finally {
    if (!isWritten) unlinkIfThere(name);
  }
  return isWritten;
}

/** Gives the old file a second name. A file that cannot have one (a folder, another user's file) is replaced without. */
function linkOld(path: string, second: string): 'linked' | 'not linked' | 'absent' {
  try {
    linkSync(path, second);
    return 'linked';
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 'absent';
    if (hasCode(error, 'EPERM', 'EACCES', 'EMLINK', 'EEXIST')) return 'not linked';
    throw error;
  }
}

function renameOver(written: string, path: string, second: string | undefined): void {
  try {
    whenFree(() => renameSync(written, path));
  } catch (error) {
    if (second !== undefined) unlinkIfThere(second);
    throw error;
  }
}
