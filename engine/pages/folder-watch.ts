// Reports files of a folder that were saved, added or removed. chokidar loses a second save within 40 ms of the first,
// so the stamp of a reported file is compared again after a moment.

import { relative, sep } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import type { Hidden } from './hidden-files.ts';
import { fileStamp, type Stamp } from './site-disk.ts';

/** The settings of a watch, and its callbacks. */
export interface WatchOptions {
  /** Files and folders that are not watched. */
  readonly ignored: Hidden;
  /** Called with absolute paths; with several at once if the files change together. */
  readonly onChange: (files: readonly string[]) => void;
  /** Called with errors for the operator; watching continues as far as possible. */
  readonly onError: (error: unknown) => void;
  /** Called with a file or folder that may not be read; the others are watched. */
  readonly onUnreadable: (path: string) => void;
  /** The function that watches; chokidar's by default. */
  readonly watch?: typeof watch;
}

/** A folder that is being watched. */
export interface FolderWatch {
  /** Resolves when all later changes will be reported. */
  readonly ready: Promise<void>;
  /** Watches a file outside of the folder, too. */
  add(file: string): void;
  close(): Promise<void>;
}

/** The time for which changes are collected, in milliseconds, because one save is often several events. */
const TOGETHER = 5;

/** The time after which the stamp of a reported file is compared again, in milliseconds. */
const LOOK_AGAIN = 100;

/** The interval of polling if the system reports no changes, in milliseconds. */
const POLLING = 500;

/** Error codes if the system has no watches or descriptors left. */
const EXHAUSTED: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE', 'ENOSPC']);

/**
 * Watches a folder and everything below it, except node_modules, .git, ignored files and the targets of symbolic links.
 */
export function watchFolder(root: string, options: WatchOptions): FolderWatch {
  const changes = new Changes(options.onChange);
  let isReady = (): void => undefined;
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  let isPolling = false;
  let isClosed = false;
  const outside = new Set<string>();
  let watcher = start(false);

  function start(usePolling: boolean): FSWatcher {
    return (options.watch ?? watch)([root, ...outside], {
      ignoreInitial: true,
      // A followed link may lead to the whole disk, and links may form a cycle.
      followSymlinks: false,
      ignored: (path) => isIgnored(root, path, options.ignored),
      usePolling,
      interval: POLLING,
    })
      .on('all', (event, path) => {
        if (event !== 'addDir' && event !== 'unlinkDir') changes.add(path);
      })
      .on('ready', () => isReady())
      .on('error', failed);
  }

  function failed(error: unknown): void {
    if (isClosed || (isPolling && isExhausted(error))) return;
    const unreadable = unreadablePath(error);
    if (unreadable !== undefined) options.onUnreadable(unreadable);
    else options.onError(error);
    if (!isExhausted(error)) return;
    isPolling = true;
    const exhausted = watcher;
    void exhausted.close().then(() => {
      if (!isClosed) watcher = start(true);
    }, options.onError);
  }

  return {
    ready,
    add(file) {
      if (isClosed || outside.has(file)) return;
      outside.add(file);
      watcher.add(file);
    },
    async close() {
      isClosed = true;
      changes.stop();
      isReady();
      await watcher.close();
    },
  };
}

/** Collects changes and passes them to the listener. */
class Changes {
  readonly #tell: (files: readonly string[]) => void;
  readonly #files = new Set<string>();
  readonly #looks = new Set<NodeJS.Timeout>();
  #timer: NodeJS.Timeout | undefined;

  constructor(tell: (files: readonly string[]) => void) {
    this.#tell = tell;
  }

  add(file: string): void {
    this.#files.add(file);
    this.#timer ??= setTimeout(() => this.#flush(), TOGETHER);
  }

  stop(): void {
    clearTimeout(this.#timer);
    for (const look of this.#looks) clearTimeout(look);
    this.#looks.clear();
    this.#files.clear();
  }

  #flush(): void {
    this.#timer = undefined;
    const files = [...this.#files];
    this.#files.clear();
    if (files.length === 0) return;
    this.#lookAgain(new Map(files.map((file) => [file, fileStamp(file)])));
    this.#tell(files);
  }

  /** Reports again the files that have changed since they were reported. */
  #lookAgain(stamps: ReadonlyMap<string, Stamp>): void {
    const look = setTimeout(() => {
      this.#looks.delete(look);
      for (const [file, stamp] of stamps) if (fileStamp(file) !== stamp) this.add(file);
    }, LOOK_AGAIN);
    this.#looks.add(look);
  }
}

function isExhausted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && EXHAUSTED.has(error.code);
}

function unreadablePath(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('path' in error)) return undefined;
  return error.code === 'EACCES' || error.code === 'EPERM' ? String(error.path) : undefined;
}

function isIgnored(root: string, path: string, ignored: Hidden): boolean {
  if (ignored.covers(path)) return true;
  const parts = relative(root, path).split(sep);
  return parts.includes('node_modules') || parts.includes('.git');
}
