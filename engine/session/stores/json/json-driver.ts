// The driver of JSON files: asks its thread for the steps on the disk. Needs a local disk: neither lock files nor atomic renames
// can be relied on over NFS. Without fsync an acknowledged write survives a killed process, not necessarily a power failure.

import { once } from 'node:events';
import { extname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
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
import type { Folder, FolderOptions, KeyLock } from './json-folder.ts';
import type { Step, StepAnswer } from './json-thread.ts';

const SUBFOLDER = /^[0-9a-f]{2}$/;

/** Files that one step of the thread reads, so that requests run between two steps. */
const FILES_AT_ONCE = 32;

/** The time that the thread has for removing its lock files at the end, in ms. */
const CLOSE_MS = 1000;

interface PendingStep {
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
  /** Steps that were not sent yet. */
  #steps: Step[] = [];
  #waiting: PendingStep[] = [];
  /** The steps of the message that is under way. */
  #sent: PendingStep[] | undefined;

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
    return this.#ask('acquire', acquisition).then((result) =>
      result.kind === 'held' ? { kind: 'held', acquisition, entry: result.entry, fence: undefined } : result,
    );
  }

  release(held: HeldLock, change: EntryChange): Promise<Outcome> {
    return this.#ask('release', lockOf(held), change);
  }

  quarantine(held: HeldLock, key: string, deadline: number): Promise<Outcome> {
    return this.#ask('quarantine', lockOf(held), key, deadline);
  }

  /** The locks of a store have one lease. */
  renew(): Promise<void> {
    return this.#ask('renew');
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
    let removed = 0;
    // Owner files are in the folder itself.
    for (const folder of step === 0 ? ['', subfolder] : [subfolder]) {
      const names = [...(await this.#ask('names', folder)), ...(await this.#ask('lockNames', folder))];
      for (const some of inGroups(names)) {
        if (signal?.aborted) return removed;
        removed += await this.#ask('sweep', folder, some, now);
      }
    }
    return removed;
  }

  problemOf(error: unknown): Problem {
    return new Problem('session-store-failed', { params: { reason: failureReason(error) }, cause: error });
  }

  /** Leaves no files behind, but waits for no disk that hangs. */
  async close(): Promise<void> {
    const thread = this.#thread;
    if (thread === undefined || this.#isClosed) return;
    const closed = this.#ask('close').catch(() => undefined);
    this.#isClosed = true;
    await Promise.race([closed, pause(CLOSE_MS, undefined, { ref: false })]);
    await thread.terminate();
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
    if (this.#isClosed) return Promise.reject(new Error('the store is closed'));
    return new Promise<ReturnType<Folder[Method]>>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      if (this.#steps.push([method, ...parameters]) === 1) this.#sendSoon();
    });
  }

  /** One message is under way at a time: under load, the steps of many requests share the cost of the next one. */
  #sendSoon(): void {
    if (this.#sent === undefined) setImmediate(() => this.#send());
  }

  #send(): void {
    if (this.#steps.length === 0) return;
    this.#thread ??= this.#start();
    this.#thread.ref();
    this.#thread.postMessage(this.#steps);
    this.#sent = this.#waiting;
    this.#steps = [];
    this.#waiting = [];
  }

  #start(): Worker {
    const file = new URL(`./json-thread${extname(import.meta.url)}`, import.meta.url);
    const thread = new Worker(file, { workerData: this.#options });
    thread.on('message', (answers: readonly StepAnswer[]) => this.#answered(answers));
    thread.on('error', (error) => this.#ended(error));
    thread.on('exit', () => this.#ended(new Error('the thread of the JSON store has ended')));
    return thread;
  }

  #answered(answers: readonly StepAnswer[]): void {
    const waiting = this.#sent ?? [];
    this.#sent = undefined;
    if (this.#steps.length > 0) this.#sendSoon();
    else this.#thread?.unref();
    for (const [index, { resolve, reject }] of waiting.entries()) {
      const [value, code, message] = answers[index] ?? [];
      if (message === undefined) resolve(value);
      else reject(Object.assign(new Error(message), { code }));
    }
  }

  /** The next step starts another thread. */
  #ended(error: Error): void {
    this.#thread = undefined;
    const waiting = [...(this.#sent ?? []), ...this.#waiting];
    this.#sent = undefined;
    this.#steps = [];
    this.#waiting = [];
    for (const { reject } of waiting) reject(error);
  }
}

function lockOf({ acquisition }: HeldLock): KeyLock {
  return [acquisition.key, acquisition.token];
}

function* inGroups(names: readonly string[]): Generator<readonly string[]> {
  for (let first = 0; first < names.length; first += FILES_AT_ONCE)
    yield names.slice(first, first + FILES_AT_ONCE);
}
