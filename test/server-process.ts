// A server of others as a child process: started, frozen, thawed and ended by a test, and never left behind.

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** At most one process at a time. */
export class ServerProcess {
  #child: ChildProcess | undefined;
  readonly #killAtExit = (): void => void this.#send('SIGKILL');

  /** Starts it, with a process group of its own, and waits until it answers. */
  async start(
    command: string,
    args: readonly string[],
    answers: () => Promise<boolean>,
    options: SpawnOptions = {},
  ): Promise<void> {
    const child = spawn(command, args, { ...options, stdio: 'ignore', detached: true });
    this.#child = child;
    process.once('exit', this.#killAtExit);
    while (!(await answers())) {
      if (child.exitCode !== null) throw new Error(`${command} does not start: ${args.join(' ')}`);
      await pause(5);
    }
  }

  /** Freezes it and its children: connections stay, and once this resolves nothing is answered. */
  async freeze(): Promise<void> {
    this.#send('SIGSTOP');
    while (!(await isStopped(this.#child?.pid))) await pause(1);
  }

  thaw(): void {
    this.#send('SIGCONT');
  }

  /** Ends it with a signal, if it runs; SIGKILL reaches its children too. */
  async stop(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    this.thaw();
    if (signal === 'SIGKILL') this.#send(signal);
    else child.kill(signal);
    await ended;
    process.off('exit', this.#killAtExit);
    this.#child = undefined;
  }

  #send(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // It has ended by itself.
    }
  }
}

/** Where it can be seen: whether all threads of a process have stopped. The signal alone lets them go on for a moment. */
async function isStopped(pid: number | undefined): Promise<boolean> {
  if (pid === undefined || process.platform !== 'linux') return true;
  const threads = await readdir(`/proc/${pid}/task`);
  const stats = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8')),
  );
  return stats.every((stat) => stat.slice(stat.lastIndexOf(')') + 2).startsWith('T'));
}
