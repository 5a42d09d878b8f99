// A server of others as a child process: started, frozen, thawed and ended by a test, and never left behind.

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
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

  /** Freezes it and its children: connections stay, nothing is answered. */
  freeze(): void {
    this.#send('SIGSTOP');
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
