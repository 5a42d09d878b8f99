// Collects changes until a set of files is complete: until no change has come for a moment and no tool reports that it
// is still at work (docs/going-live.md).

import { existsSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Gathering ends when no change has come for this time, in milliseconds. */
const QUIET_MS = 300;
/** The longest time of gathering while changes keep coming, in milliseconds. */
const LONGEST_MS = 5000;
/** The interval of checks for tools at work, in milliseconds. */
const LOOK_MS = 200;
/** The time after which the log names the file of a tool at work, in milliseconds. */
const PATIENCE_MS = 30_000;

/** Names of incomplete files: WinSCP, FileZilla and Cyberduck, browsers, lftp, rsync. */
const PARTIAL = /\.(?:filepart|part|partial|crdownload|download|upload|in\.)$|^\..+\.[A-Za-z0-9]{6}$/i;

/** The settings of gathering. */
export interface GatheringOptions {
  /** The folder of the site; `.git` is looked for in it and in the folders above. */
  readonly root: string;
  /** Called when a set of changes seems complete. */
  readonly onGathered: () => void;
  readonly log: (level: 'warn' | 'error', message: string) => void;
}

/** Collects one set of changes after another. */
export class Gathering {
  readonly #options: GatheringOptions;
  readonly #partial = new Set<string>();
  readonly #gathered = new Set<string>();
  #began = 0;
  /** Whether a change has come since the last complete set. */
  #isGathering = false;
  #hasComplained = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: GatheringOptions) {
    this.#options = options;
  }

  /** Adds files that were saved, added or removed. */
  add(files: readonly string[]): void {
    for (const file of files) {
      if (PARTIAL.test(basename(file))) this.#partial.add(file);
      this.#gathered.add(file);
    }
    const now = Date.now();
    if (!this.#isGathering) {
      this.#began = now;
      this.#isGathering = true;
      this.#hasComplained = false;
    }
    this.#wait(Math.max(0, Math.min(QUIET_MS, this.#began + LONGEST_MS - now)));
  }

  /**
   * Whether the files that were just read are a complete set. If not, gathering continues: a save may begin between the
   * end of gathering and the reading, and the watcher reports it too late.
   * @param changed the files whose content differs from the last set
   */
  isWhole(changed: Iterable<string>): boolean {
    for (const file of changed) this.#gathered.add(file);
    if (this.#toolAtWork() !== undefined) {
      this.#wait(LOOK_MS);
      return false;
    }
    this.#isGathering = false;
    this.#gathered.clear();
    return true;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#isGathering = false;
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), ms);
  }

  #look(): void {
    const working = this.#toolAtWork();
    if (working === undefined) {
      this.#options.onGathered();
      return;
    }
    if (!this.#hasComplained && Date.now() - this.#began > PATIENCE_MS) {
      this.#hasComplained = true;
      this.#options.log(
        'warn',
        `changes are not live yet, because ${working} is there: remove it if no tool is at work`,
      );
    }
    this.#wait(LOOK_MS);
  }

  /** The file that shows that a tool is at work; undefined if none is. */
  #toolAtWork(): string | undefined {
    for (const file of this.#partial) {
      if (existsSync(file)) return file;
      this.#partial.delete(file);
    }
    return this.#gitLock() ?? this.#fileAtWork();
  }

  /**
   * A file that is being written. An empty file is probably about to be filled, and a file that was changed or deleted
   * a moment ago may change again or come back.
   */
  #fileAtWork(): string | undefined {
    if (Date.now() - this.#began >= LONGEST_MS) return undefined;
    return [...this.#gathered].find(isBeingWritten);
  }

  #gitLock(): string | undefined {
    for (let folder = this.#options.root; ; folder = dirname(folder)) {
      const git = join(folder, '.git');
      if (existsSync(git)) {
        const lock = join(git, 'index.lock');
        return existsSync(lock) ? lock : undefined;
      }
      if (folder === dirname(folder)) return undefined;
    }
  }
}

function isBeingWritten(file: string): boolean {
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found === undefined) return hasChangedWithin(QUIET_MS, statSync(dirname(file)));
    return found.isFile() && hasChangedWithin(found.size === 0 ? LONGEST_MS : QUIET_MS, found);
  } catch {
    return false;
  }
}

function hasChangedWithin(ms: number, { ctimeMs }: Stats): boolean {
  // `ctime`, because tools that copy files set `mtime` to that of the original.
  return Date.now() - ctimeMs < ms;
}
