// Which process owns a lock, and whether it still lives. On Linux a process is told from a later one with the same number by
// its start time; processes of another machine, boot or container cannot be looked at: the lease decides.

import { readFileSync, readlinkSync } from 'node:fs';
import { hasCode } from './file-calls.ts';

/** A process, as lock files name it. */
export interface Owner {
  readonly pid: number;
  /** Its start in clock ticks since boot; '' where that cannot be known. */
  readonly start: string;
  /** Boot and namespace that `pid` counts in; '' where that cannot be known. */
  readonly scope: string;
}

/** This process. */
export function ownProcess(): Owner {
  const start = startOf(process.pid) ?? '';
  return { pid: process.pid, start, scope: start === '' ? '' : ownScope() };
}

/** Whether another owner lives; undefined when only its lease can tell. Throws when it cannot be looked at. */
export function isAlive(other: Owner, own: Owner): boolean | undefined {
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
