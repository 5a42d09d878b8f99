// Gathers changes until a set of files has been copied: until none has come for a moment, and while no tool says that it is
// still at work (contract section 11).

import { existsSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Changes are gathered until none has come for so long, in milliseconds. */
const QUIET_MS = 300;
/** The longest time that changes are gathered while they keep coming, in milliseconds. */
const LONGEST_MS = 5000;
/** How often is looked whether a tool is still at work, in milliseconds. */
const LOOK_MS = 200;
/** After this time a tool that is still at work is named in the log, in milliseconds. */
const PATIENCE_MS = 30_000;

/** Names that upload tools give to a file until it is whole: WinSCP, FileZilla and Cyberduck, browsers, lftp, rsync. */
const PARTIAL = /\.(?:filepart|part|partial|crdownload|download|upload|in\.)$|^\..+\.[A-Za-z0-9]{6}$/i;

/** What gathers. */
export interface GatheringOptions {
  /** Where `.git` is looked for: here and in the folders above. */
  readonly root: string;
  /** Called when a set of changes has been gathered. */
  readonly onGathered: () => void;
  readonly log: (level: 'warn' | 'error', message: string) => void;
}

/** Waits for the end of a set of changes. */
export class Gathering {
  readonly #options: GatheringOptions;
  readonly #partial = new Set<string>();
  readonly #gathered = new Set<string>();
  #began = 0;
  /** Whether something has changed since the last set. */
  #isGathering = false;
  #hasComplained = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: GatheringOptions) {
    this.#options = options;
  }

  /** Files were saved, added or removed. */
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
   * Whether what was read just now is a whole set. A save may begin between the end of gathering and the reading, and the
   * watcher tells of it too late; then gathering goes on.
   * @param changed the files that were read or missed, and were others before
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

  /** The file by which a tool says that it has not finished. */
  #toolAtWork(): string | undefined {
    for (const file of this.#partial) {
      if (existsSync(file)) return file;
      this.#partial.delete(file);
    }
    return this.#gitLock() ?? this.#fileAtWork();
  }

  /**
   * A file that was emptied is most often about to be filled, and one that changed or was deleted a moment ago may change
   * again or come back.
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
  // Not mtime: tools that copy files set it to that of the original.
  return Date.now() - ctimeMs < ms;
}
