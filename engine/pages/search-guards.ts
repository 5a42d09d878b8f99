// The guards of one URL: the guards of all folders that the search for its file enters, by their real names. A folder in which
// nothing is found counts too, so that a guarded folder does not tell what is in it (docs/guards.md).

import { dirname } from 'node:path';
import { foldersAround, guardsIn } from './guards.ts';
import type { Guard } from './index.ts';
import { type Disk, NODE_DISK } from './site-disk.ts';
import { isInside } from './site-paths.ts';

type Params = Readonly<Record<string, string>>;

interface EnteredFolder {
  readonly folder: string;
  /** The values of the brackets in its path. */
  readonly params: Params;
}

/** The file that a search has found. */
interface FoundFile {
  readonly file: string;
  /** Its path with symbolic links resolved. */
  readonly real: string;
}

/** The folders that one search has entered. */
export class EnteredFolders {
  readonly #root: string;
  readonly #disk: Disk;
  readonly #entered: EnteredFolder[] = [];

  constructor(root: string, disk: Disk) {
    this.#root = root;
    this.#disk = disk;
  }

  add(folder: string, params: Params): void {
    this.#entered.push({ folder, params });
  }

  /**
   * The guards of the URL, the outermost first.
   * @param found the file; undefined if there is none
   * @param isPage whether it is a page. The guards of pages are those of their generation. All other files are served as they
   * are on the disk, so there a guard counts as soon as it is on the disk
   */
  guards(found: FoundFile | undefined, isPage: boolean): readonly Guard[] {
    const folders = new Map<string, Params>();
    const add = (folder: string, params: Params) => {
      if (!folders.has(folder)) folders.set(folder, params);
    };
    const areReal = found !== undefined && this.#lieOnTheWayTo(found);
    const entered = this.#entered.map(({ folder, params }) => ({
      folder: areReal ? folder : this.#realPath(folder),
      params,
    }));
    for (const { folder, params } of entered) if (isInside(this.#root, folder)) add(folder, params);
    for (const { folder, params } of areReal ? [] : entered)
      for (const around of foldersAround(this.#root, folder)) add(around, params);
    if (found !== undefined && found.real !== found.file)
      for (const around of foldersAround(this.#root, dirname(found.real))) add(around, NO_PARAMS);
    return guardsIn(folders, (file) => this.#isNamed(file, isPage));
  }

  /** Whether no symbolic link leads to the file, and the search entered no other folders. The most frequent case. */
  #lieOnTheWayTo({ file, real }: FoundFile): boolean {
    return file === real && this.#entered.every(({ folder }) => isInside(folder, file));
  }

  #realPath(folder: string): string {
    return folder === this.#root ? folder : (this.#disk.realPath(folder) ?? folder);
  }

  #isNamed(file: string, isPage: boolean): boolean {
    if (this.#disk.isNamed(file)) return true;
    return !isPage && this.#disk !== NODE_DISK && NODE_DISK.isNamed(file);
  }
}

const NO_PARAMS: Params = Object.freeze(Object.create(null));
