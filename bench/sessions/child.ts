// Programs that a benchmark starts. They end with their launch, and in any case with the benchmark.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { onServerCore } from './processor.ts';

/** Milliseconds after which a program that does not end is killed. */
const PATIENCE_MS = 5000;
const START_MS = 30_000;

/** The options of a start. */
export interface StartOptions {
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether the program runs on the core of the measured server. */
  readonly pinned: boolean;
}

/** A running program. */
export class Child {
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #endAtExit = (): void => void this.#process.kill();
  #output = '';

  constructor(command: readonly string[], { cwd, environment, pinned }: StartOptions) {
    const [program = '', ...args] = onServerCore(command, pinned);
    this.#name = command.join(' ');
    const env = { ...process.env, NODE_ENV: 'production', ...environment };
    this.#process = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process.on('error', (error) => {
      this.#output += error.message;
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (data: Buffer) => {
        this.#output += data.toString();
      });
    }
    process.once('exit', this.#endAtExit);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** The address that the program prints as the one that it listens at. */
  async url(): Promise<string> {
    let url: string | undefined;
    await this.until(() => {
      url = /http:\/\/[\d.]+:\d+/.exec(this.#output)?.[0];
      return url !== undefined;
    });
    return url ?? '';
  }

  /** Resolves when the program is ready. */
  async until(isReady: () => boolean | Promise<boolean>): Promise<void> {
    const end = performance.now() + START_MS;
    while (!(await isReady())) {
      if (this.#hasEnded) throw new Error(`${this.#name} ended: ${this.#output}`);
      if (performance.now() > end) throw new Error(`${this.#name} does not start: ${this.#output}`);
      await pause(10);
    }
  }

  async stop(): Promise<void> {
    process.off('exit', this.#endAtExit);
    if (this.#hasEnded) throw new Error(`${this.#name} ended by itself: ${this.#output}`);
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), PATIENCE_MS);
    await ended;
    clearTimeout(timer);
  }

  get #hasEnded(): boolean {
    return this.pid === 0 || this.#process.exitCode !== null || this.#process.signalCode !== null;
  }
}
