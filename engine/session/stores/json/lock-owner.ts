// The owner of lock files. A store has one owner file: its first line names the process, the other lines name the pages that have
// locks, for messages, and its modification time is the heartbeat of the process. On Linux the start time tells a process from a
// later one with the same number. A process of another machine, boot or container cannot be inspected: the lease decides.

import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { hasCode, ifThere, unlinkIfThere } from './file-calls.ts';

/** A process, as lock files name it. */
export interface LockOwner {
  readonly pid: number;
  /** Its start in clock ticks since boot; '' where that cannot be known. */
  readonly start: string;
  /** Boot and namespace that `pid` counts in; '' where that cannot be known. */
  readonly scope: string;
}

/** This process. */
export function ownProcess(): LockOwner {
  const start = startOf(process.pid) ?? '';
  return { pid: process.pid, start, scope: start === '' ? '' : ownScope() };
}

/** A lock that a request of this process has, as the owner file tells of it. */
export interface ToldLock {
  /** The name of the lock file. */
  readonly name: string;
  readonly page: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** The owner file of a store of this process. */
export class OwnerFile {
  readonly path: string;
  /** The first line. */
  readonly line: string;
  readonly process: LockOwner;
  #inode: bigint | undefined;
  #isWritten = false;
  #beatAt = Number.NEGATIVE_INFINITY;

  /** @param id unique in all processes: tells the stores of one process apart */
  constructor(path: string, id: string, process: LockOwner) {
    this.path = path;
    this.line = [process.pid, process.start, process.scope, id].join(':');
    this.process = process;
  }

  /** undefined: there is no such file. */
  get inode(): bigint | undefined {
    this.#inode ??= inodeOf(this.path);
    return this.#inode;
  }

  /**
   * Makes the file, where this thread has not. Other users may read it: an operator's command waits for the locks of the server.
   * @param wasRemoved whether it may have been removed since
   */
  make(wasRemoved = false): void {
    if (this.#isWritten && !(wasRemoved && inodeOf(this.path) !== this.#inode)) return;
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    writeFileSync(this.path, this.line, { mode: 0o644 });
    this.#inode = inodeOf(this.path);
    this.#isWritten = true;
  }

  /** Writes a heartbeat, unless the last one is more recent than this time. */
  beat(milliseconds: number): void {
    if (performance.now() - this.#beatAt < milliseconds) return;
    const now = new Date();
    ifThere(() => utimesSync(this.path, now, now), undefined);
    this.#beatAt = performance.now();
  }

  /** Written in place, since the locks are links to this file; an empty line ends what counts. Also a heartbeat. */
  tell(locks: readonly ToldLock[]): void {
    const rows = locks.map(({ name, since, page }) => `${name} ${since} ${encodeURIComponent(page)}\n`);
    const file = ifThere(() => openSync(this.path, 'r+'), undefined);
    if (file === undefined) return;
    try {
      writeSync(file, `${this.line}\n${rows.join('')}\n`, 0);
    } finally {
      closeSync(file);
    }
    this.#beatAt = performance.now();
  }

  remove(): void {
    unlinkIfThere(this.path);
  }
}

/** The text of an owner file or of a lock; undefined where there is none. */
export function ownerTextOf(path: string): string | undefined {
  return ifThere(() => readFileSync(path, 'utf8'), undefined);
}

/** The line of an owner file that names the process. */
export function ownerLineOf(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** The lock's row in an owner file. Perhaps undefined if the file is read while it is written. */
export function toldLockIn(text: string, name: string): ToldLock | undefined {
  const rows = text.split('\n\n', 1)[0]?.split('\n') ?? [];
  const [, since, page] = rows.find((row) => row.startsWith(`${name} `))?.split(' ') ?? [];
  try {
    return page === undefined ? undefined : { name, since: Number(since), page: decodeURIComponent(page) };
  } catch {
    return undefined;
  }
}

/** The number of a file. Numbers of NTFS do not fit into a double. */
export function inodeOf(path: string): bigint | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

/** The process that a line of an owner file names. */
export function ownerIn(line: string): LockOwner {
  const [pid, start = '', scope = ''] = line.split(':');
  return { pid: Number(pid), start, scope };
}

/** Whether another owner lives; undefined if only its lease can tell. Throws if the process cannot be inspected. */
export function isAlive(other: LockOwner, own: LockOwner): boolean | undefined {
  if (own.start === '' || other.scope !== own.scope) return undefined;
  return startOf(other.pid) === other.start;
}

/** The start of a process that runs: fields 3 and 22 of /proc/PID/stat, counted from the bracket that ends field 2. */
function startOf(pid: number): string | undefined {
  const stat = contentOf(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const hasEnded = fields[0] === 'Z' || fields[0] === 'X';
  return hasEnded ? undefined : fields[19];
}

function ownScope(): string {
  const boot = contentOf('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
  return `${boot}.${ownNamespace().replace(/\D/g, '')}`;
}

function ownNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** Undefined only if the process does not exist. Other errors (EMFILE) are thrown: they do not say that it is dead. */
function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return undefined;
    throw error;
  }
}
