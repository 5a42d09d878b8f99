// Starting processes that visit pages (page-process.ts), following them, and leaving none behind.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import type { PageJob } from './page-process.ts';
import type { TestSite, Visitor } from './site.ts';

const PROGRAM = fileURLToPath(new URL('./page-process.js', import.meta.url));

/** A process that visits pages of one visitor. */
export class PageProcess {
  /** How many of its pages were answered so far. */
  answered = 0;
  /** Its exit code, once all its output has come; null when it was killed. */
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(job: PageJob) {
    this.#child = fork(PROGRAM, [JSON.stringify(job)], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    this.#child.stdout?.on('data', (answers: Buffer) => {
      this.answered += answers.length;
    });
    this.ended = once(this.#child, 'close').then(([code]) => code);
  }

  /** The next output of the process: 'held', or the outcome of the page that held the lock. */
  async says(): Promise<unknown> {
    const [message] = await once(this.#child, 'message');
    return message;
  }

  /** Waits for the next pages that are answered. */
  async answers(): Promise<void> {
    if (this.#child.stdout) await once(this.#child.stdout, 'data');
  }

  /** Lets the page that holds the lock go on; gives its outcome. */
  async goOn(): Promise<unknown> {
    const outcome = this.says();
    this.#child.send('go on');
    return outcome;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }
}

/** Starts a process over the site's sessions; it does not outlive the test. */
export function visitElsewhere(
  t: ExecutionContext,
  { dir, place }: TestSite,
  visitor: Visitor,
  work: Pick<PageJob, 'pages' | 'holds'>,
): PageProcess {
  const pages = new PageProcess({ dir, config: place.config, cookie: visitor.header, ...work });
  t.teardown(() => pages.kill());
  return pages;
}
