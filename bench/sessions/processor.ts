// The core that a program runs on, and the processor time that programs have used (Linux only: taskset and /proc).

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** The core of the measured server. */
const SERVER_CORE = '0';

/** The core of the load, databases and everything else. */
const OTHER_CORE = '1';

/** Units of /proc/PID/stat in a second, the same on every Linux that Node supports. */
const TICKS = 100;

/** Moves this process and its children to the other core. Returns false if programs cannot be bound to a core. */
export function pinSelf(): boolean {
  if (availableParallelism() < 2) return false;
  try {
    execFileSync('taskset', ['-a', '-c', '-p', OTHER_CORE, String(process.pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The command that runs a program on the core of the measured server. */
export function onServerCore(command: readonly string[], pinned: boolean): readonly string[] {
  return pinned ? ['taskset', '-c', SERVER_CORE, ...command] : command;
}

/** User and system seconds of processes so far, with all their threads and descendants. */
export function processorSeconds(roots: readonly number[]): number {
  const stats = runningProcesses();
  const counted = new Set(roots);
  // Items that are added to a set during an iteration are visited too.
  for (const parent of counted) {
    for (const [pid, stat] of stats) if (stat.parent === parent) counted.add(pid);
  }
  let ticks = 0;
  for (const pid of counted) ticks += stats.get(pid)?.ticks ?? 0;
  return ticks / TICKS;
}

interface Stat {
  readonly parent: number;
  /** The seconds of a process, and of its children that have ended. */
  readonly ticks: number;
}

function runningProcesses(): Map<number, Stat> {
  const stats = new Map<number, Stat>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = statOf(name);
    if (stat !== undefined) stats.set(Number(name), stat);
  }
  return stats;
}

/** @see proc_pid_stat(5): after the name come state, parent; utime, stime, cutime and cstime are the 12th to 15th. */
function statOf(pid: string): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { parent: Number(fields[1]), ticks };
  } catch {
    // The process has ended since the folder was listed.
    return undefined;
  }
}
