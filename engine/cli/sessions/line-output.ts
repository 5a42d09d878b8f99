// Writes lines to a stream whose reader may be slow, or may close it early as `head` does, which is no failure.

import { once } from 'node:events';

/** Writes lines to a stream. */
export class LineOutput {
  readonly #stream: NodeJS.WritableStream;
  #error: unknown;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
    stream.on('error', (error) => {
      this.#error = error;
    });
  }

  /**
   * Whether the reader has closed the stream; further lines are then dropped.
   * @throws the error of the stream, if writing failed for another reason
   */
  get closed(): boolean {
    if (this.#error === undefined) return false;
    if (this.#error instanceof Error && 'code' in this.#error && this.#error.code === 'EPIPE') return true;
    throw this.#error;
  }

  /** Writes a line; resolves when the stream can take more. */
  async line(text: string): Promise<void> {
    if (this.closed) return;
    if (!this.#stream.write(`${text}\n`)) await once(this.#stream, 'drain').catch(() => undefined);
  }

  /** Resolves when all lines are written. */
  async end(): Promise<void> {
    if (!this.closed) await new Promise<void>((written) => this.#stream.write('', () => written()));
    await new Promise((told) => setImmediate(told));
    void this.closed;
  }
}
