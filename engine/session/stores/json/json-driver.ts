// The driver of JSON files: asks its thread for the steps on the disk. Needs a local disk: neither lock files nor atomic renames
// can be relied on over NFS. Without fsync an acknowledged write survives a killed process, not necessarily a power failure.

import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Problem } from '../../../diagnostics/problem.ts';
import type { Outcome } from '../../session-store.ts';
import { failureReason } from '../foreign-code.ts';
import type {
  AcquireResult,
  Acquisition,
  DriverEntry,
  EntryChange,
  HeldLock,
  ListedDriverEntry,
  StoreDriver,
} from '../locking/store-driver.ts';
import type { Folder, FolderOptions, HeldFile } from './json-folder.ts';
import type { Answer, Step } from './json-thread.ts';

const SUBFOLDER = /^[0-9a-f]{2}$/;

/** So many files are read or looked at in one step of the thread: requests get in between. */
const FILES_AT_ONCE = 32;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Keeps entries in files, one a key. */
export class JsonDriver implements StoreDriver {
  readonly lock = 'store';
  readonly sweepSteps = 256;
  readonly sweepsAlone = true;
  readonly #options: FolderOptions;
  #thread: Worker | undefined;
  #isClosed = false;
  /** Steps of this turn of the event loop. */
  #steps: Step[] = [];
  /** Those who wait for the answers to each message, in order. */
  #sent: Waiting[][] = [];
  #waiting: Waiting[] = [];

  constructor(options: FolderOptions) {
    this.#options = options;
  }

  /** Starts the thread: how long that takes on a busy machine says nothing of the disk. */
  async start(): Promise<void> {
    this.#thread = this.#start();
    await once(this.#thread, 'online');
    this.#thread.unref();
  }

  acquire(acquisition: Acquisition): Promise<AcquireResult> {
    return this.#ask('acquire', acquisition);
  }

  release(held: HeldLock, change: EntryChange): Promise<Outcome> {
    return this.#ask('release', fileOf(held), change);
  }

  quarantine(held: HeldLock, key: string, deadline: number): Promise<Outcome> {
    return this.#ask('quarantine', fileOf(held), key, deadline);
  }

  renew(held: readonly HeldLock[]): Promise<void> {
    return this.#ask('renew', held.map(fileOf));
  }

  load(key: string): Promise<DriverEntry | undefined> {
    return this.#ask('load', key);
  }

  add(key: string, entry: DriverEntry): Promise<boolean> {
    return this.#ask('add', key, entry);
  }

  touch(key: string, deadline: number, from: number): Promise<boolean> {
    return this.#ask('touch', key, deadline, from);
  }

  remove(key: string): Promise<void> {
    return this.#ask('remove', key);
  }

  async *list(beginning: string): AsyncGenerator<ListedDriverEntry> {
    for await (const [, names] of this.#subfolders(beginning.slice(0, 2))) {
      const begun = names.filter((name) => name.startsWith(beginning));
      for (const some of inGroups(begun)) {
        for (const { key, entry } of await this.#ask('entries', some)) yield { key, entry, size: entry.size };
      }
    }
  }

  async size(): Promise<number> {
    let size = 0;
    for await (const [, names] of this.#subfolders(''))
      size += names.filter((name) => name.endsWith('.json')).length;
    return size;
  }

  async sweep(step: number, now: number, signal: AbortSignal | undefined): Promise<number> {
    const subfolder = step.toString(16).padStart(2, '0');
    const names = [...(await this.#ask('names', subfolder)), ...(await this.#ask('lockNames', subfolder))];
    let removed = 0;
    for (const some of inGroups(names)) {
      if (signal?.aborted) break;
      removed += await this.#ask('sweep', subfolder, some, now);
    }
    return removed;
  }

  problemOf(error: unknown): Problem {
    return new Problem('session-store-failed', { params: { reason: failureReason(error) }, cause: error });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#thread?.terminate();
  }

  /** The names in each subfolder whose own name begins so. */
  async *#subfolders(beginning: string): AsyncGenerator<readonly [string, readonly string[]]> {
    for (const subfolder of await this.#ask('names', '')) {
      if (!SUBFOLDER.test(subfolder) || !subfolder.startsWith(beginning)) continue;
      yield [subfolder, await this.#ask('names', subfolder)];
    }
  }

  #ask<Method extends Step[0]>(
    method: Method,
    ...parameters: Parameters<Folder[Method]>
  ): Promise<ReturnType<Folder[Method]>> {
    return new Promise<ReturnType<Folder[Method]>>((resolve, reject) => {
      if (this.#steps.push([method, ...parameters]) === 1) setImmediate(() => this.#send());
      this.#waiting.push({ resolve, reject });
    });
  }

  #send(): void {
    if (this.#isClosed) {
      this.#ended(new Error('the store is closed'));
      return;
    }
    this.#thread ??= this.#start();
    if (this.#sent.push(this.#waiting) === 1) this.#thread.ref();
    this.#thread.postMessage(this.#steps);
    this.#steps = [];
    this.#waiting = [];
  }

  #start(): Worker {
    const file = new URL(`./json-thread${extname(import.meta.url)}`, import.meta.url);
    const thread = new Worker(file, { workerData: this.#options });
    thread.on('message', (answers: readonly Answer[]) => this.#answered(answers));
    thread.on('error', (error) => this.#ended(error));
    thread.on('exit', () => this.#ended(new Error('the thread of the JSON store has ended')));
    return thread;
  }

  #answered(answers: readonly Answer[]): void {
    const waiting = this.#sent.shift() ?? [];
    if (this.#sent.length === 0) this.#thread?.unref();
    for (const [index, { resolve, reject }] of waiting.entries()) {
      const [value, code, message] = answers[index] ?? [];
      if (message === undefined) resolve(value);
      else reject(Object.assign(new Error(message), { code }));
    }
  }

  /** The next step starts another thread. */
  #ended(error: Error): void {
    this.#thread = undefined;
    const waiting = [...this.#sent.flat(), ...this.#waiting];
    this.#sent = [];
    this.#steps = [];
    this.#waiting = [];
    for (const { reject } of waiting) reject(error);
  }
}

function fileOf({ acquisition, fence: mark }: HeldLock): HeldFile {
  return { key: acquisition.key, text: String(mark) };
}

function* inGroups(names: readonly string[]): Generator<readonly string[]> {
  for (let first = 0; first < names.length; first += FILES_AT_ONCE)
    yield names.slice(first, first + FILES_AT_ONCE);
}
