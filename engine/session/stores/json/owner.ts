// Which process owns a lock, and whether it still lives. On Linux a process is told from a later one with the same
// number by its start time; processes of another machine, boot or container cannot be looked at: the lease decides.

import { readFile, readlink } from 'node:fs/promises';
import { hasCode } from './failure.ts';

/** A process, as lock files name it. */
export interface Owner {
  readonly pid: number;
  /** Its start in clock ticks since boot; '' where that cannot be known. */
  readonly start: string;
  /** Boot and namespace that `pid` counts in; '' where that cannot be known. */
  readonly scope: string;
}

/** This process. */
export async function ownProcess(): Promise<Owner> {
  const start = (await startOf(process.pid)) ?? '';
  return { pid: process.pid, start, scope: start === '' ? '' : await ownScope() };
}

/** Whether another owner lives; undefined when only its lease can tell. Throws when it cannot be looked at. */
export async function isAlive(other: Owner, own: Owner): Promise<boolean | undefined> {
  if (own.start === '' || other.scope !== own.scope) return undefined;
  return (await startOf(other.pid)) === other.start;
}

/** The start of a process that runs: fields 3 and 22 of /proc/PID/stat, counted from the bracket that ends field 2. */
async function startOf(pid: number): Promise<string | undefined> {
  const stat = await contentOf(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const hasEnded = fields[0] === 'Z' || fields[0] === 'X';
  return hasEnded ? undefined : fields[19];
}

async function ownScope(): Promise<string> {
  const boot = (await contentOf('/proc/sys/kernel/random/boot_id'))?.trim() ?? '';
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return `${boot}.${namespace.replace(/\D/g, '')}`;
}

/** Undefined only when it is not there: who cannot look (no descriptor is free) must not take somebody for dead. */
async function contentOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ESRCH')) return undefined;
    throw error;
  }
}
