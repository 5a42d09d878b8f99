// A snapshot: all pages and modules below root_dir as they were when they were read. A request that loads a file later
// gets it from the same set, whatever is on the disk by then. Snapshots share unchanged files.

import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { messageOf } from '../diagnostics/thrown.ts';
import type { SnapshotData, SnapshotPatch, SourceFile } from './generation-change.ts';
import { isGuardFile } from './guards.ts';
import type { HiddenFiles } from './hidden-files.ts';
import { isPageFile } from './hidden-names.ts';
import { isModuleName } from './modules/module-resolution.ts';
import { entriesBelow } from './page-files.ts';
import { fileStamp, NODE_DISK, type Stamp } from './site-disk.ts';
import { isInside } from './site-paths.ts';
import { SnapshotDisk } from './snapshot-disk.ts';
import type { OnOutside, Sources } from './sources.ts';

/** The settings for reading a snapshot. */
interface SnapshotReading {
  readonly hidden: HiddenFiles;
  readonly onOutside: OnOutside;
}

/** The sources of one generation. */
export class Snapshot implements Sources {
  readonly root: string;
  readonly isLive = false;
  readonly disk: SnapshotDisk = new SnapshotDisk(this);
  readonly #files: ReadonlyMap<string, SourceFile>;
  /** The targets of the symbolic links below the root, by the path of the link. */
  readonly #links: ReadonlyMap<string, string>;
  /** Modules outside of the root, which are read at their first use. */
  readonly #outside: Map<string, SourceFile | undefined>;
  #pages: readonly string[] | undefined;
  #data: SnapshotData | undefined;

  readonly #onOutside: OnOutside;

  private constructor(
    root: string,
    files: ReadonlyMap<string, SourceFile>,
    links: ReadonlyMap<string, string>,
    outside: Map<string, SourceFile | undefined>,
    onOutside: OnOutside,
  ) {
    this.root = root;
    this.#files = files;
    this.#links = links;
    this.#outside = outside;
    this.#onOutside = onOutside;
  }

  /**
   * Reads all pages and modules of a folder.
   * @param root absolute, with symbolic links resolved
   * @param reading `hidden`: files and folders that are no part of the site; `onOutside`: called with files outside of
   * the root that are read later
   * @param earlier a snapshot whose files are reused where they have not changed on the disk
   */
  static take(root: string, { hidden, onOutside }: SnapshotReading, earlier?: Snapshot): Snapshot {
    const files = new Map<string, SourceFile>();
    const links = new Map<string, string>();
    const known = earlier === undefined ? files : earlier.#files;
    for (const { entry, path } of entriesBelow(root, hidden.asNow())) {
      if (entry.isSymbolicLink()) addTo(links, path, NODE_DISK.realPath(path));
      else if (entry.isFile() && isSource(path)) addTo(files, path, readSource(path, known.get(path)));
      // A guard that cannot be read is no absent guard.
      if (isGuardFile(path) && !files.has(path) && !links.has(path)) files.set(path, UNREADABLE_GUARD);
    }
    return new Snapshot(root, files, links, new Map(), onOutside);
  }

  static from({ root, files, links }: SnapshotData): Snapshot {
    return new Snapshot(root, new Map(files), new Map(links), new Map(), () => undefined);
  }

  /** The snapshot as plain data; the same object at each call. */
  get data(): SnapshotData {
    this.#data ??= { root: this.root, files: [...this.#files], links: [...this.#links] };
    return this.#data;
  }

  /** The paths whose source or link differs in another snapshot; if it is of another folder, all of its paths. */
  changesTo(other: Snapshot): Set<string> {
    if (other.root !== this.root) return new Set([...other.#files.keys(), ...other.#links.keys()]);
    const changed = new Set<string>();
    for (const file of new Set([...this.#files.keys(), ...other.#files.keys()]))
      if (this.#files.get(file)?.stamp !== other.#files.get(file)?.stamp) changed.add(file);
    for (const link of new Set([...this.#links.keys(), ...other.#links.keys()]))
      if (this.#links.get(link) !== other.#links.get(link)) changed.add(link);
    for (const [file, source] of this.#outside)
      if (readSource(file)?.stamp !== source?.stamp) changed.add(file);
    return changed;
  }

  /** A patch that gives these paths in an earlier snapshot the content that they have here. */
  patch(paths: Iterable<string>): SnapshotPatch {
    const all = [...paths];
    return {
      root: this.root,
      files: all.map((path) => [path, this.#files.get(path) ?? null]),
      links: all.map((path) => [path, this.#links.get(path) ?? null]),
    };
  }

  /** This snapshot with a patch applied. A patch for another root gives a snapshot of the patch alone. */
  patched({ root, files: newFiles, links: newLinks }: SnapshotPatch): Snapshot {
    const isSame = root === this.root;
    const files = new Map(isSame ? this.#files : []);
    const links = new Map(isSame ? this.#links : []);
    const outside = new Map(isSame ? this.#outside : []);
    for (const [path, source] of newFiles) {
      replaceIn(files, path, source);
      outside.delete(path);
    }
    for (const [path, real] of newLinks) replaceIn(links, path, real);
    return new Snapshot(root, files, links, outside, this.#onOutside);
  }

  stamp(file: string): Stamp {
    return this.#find(file)?.stamp ?? '';
  }

  read(file: string): string {
    const found = this.#find(file);
    if (found?.text === undefined) throw new Error(found?.reason ?? `there is no file ${file}`);
    return found.text;
  }

  realPath(file: string): string | undefined {
    const linked = this.#throughLink(file);
    if (this.#files.has(linked)) return linked;
    return this.#find(linked) === undefined ? undefined : NODE_DISK.realPath(linked);
  }

  isNamed(file: string): boolean {
    const path = join(this.#throughLink(dirname(file)), basename(file));
    if (this.#files.has(path) || this.#links.has(path)) return true;
    return this.#isOutside(path) && NODE_DISK.isNamed(path);
  }

  pages(): readonly string[] {
    this.#pages ??= [...this.#files.keys()].filter(isPageFile);
    return this.#pages;
  }

  #find(file: string): SourceFile | undefined {
    const path = this.#throughLink(file);
    const found = this.#files.get(path);
    if (found !== undefined || !this.#isOutside(path)) return found;
    if (!this.#outside.has(path)) {
      this.#onOutside(path);
      this.#outside.set(path, readSource(path));
    }
    return this.#outside.get(path);
  }

  /**
   * Whether a path is not covered by the snapshot: it lies outside of the root, or in a folder that is not searched.
   */
  #isOutside(path: string): boolean {
    if (!isInside(this.root, path)) return true;
    const folders = path
      .slice(this.root.length + 1)
      .split(sep)
      .slice(0, -1);
    return folders.some((name) => name.startsWith('.') || name === 'node_modules');
  }

  /** The path with the snapshot's symbolic links resolved. */
  #throughLink(path: string, depth = 0): string {
    if (this.#links.size === 0 || depth > MOST_LINKS) return path;
    for (let end = path.length; end > this.root.length; end = path.lastIndexOf(sep, end - 1)) {
      const real = this.#links.get(path.slice(0, end));
      if (real !== undefined) return this.#throughLink(join(real, path.slice(end)), depth + 1);
    }
    return path;
  }
}

/** The largest number of links in a path, as in the Linux kernel. */
const MOST_LINKS = 40;

const UNREADABLE_GUARD: SourceFile = {
  stamp: 'unreadable',
  disk: '',
  text: undefined,
  reason: 'it is no regular file',
};

function isSource(file: string): boolean {
  return isPageFile(file) || isModuleName(file);
}

/**
 * Reads a file from the disk; undefined if there is no regular file.
 * @param known the file as it was read before, returned if its stamp is unchanged
 */
function readSource(file: string, known?: SourceFile): SourceFile | undefined {
  // The stamp is taken before the file is read: a save in between makes the next snapshot read it again.
  const disk = fileStamp(file);
  if (disk === '' || known?.disk === disk) return disk === '' ? undefined : known;
  try {
    const text = readFileSync(file, 'utf8');
    return { stamp: hash('sha1', text, 'base64'), disk, text };
  } catch (error) {
    const reason = messageOf(error);
    return { stamp: 'unreadable', disk: '', text: undefined, reason };
  }
}

function addTo<T>(map: Map<string, T>, key: string, value: T | undefined): void {
  if (value !== undefined) map.set(key, value);
}

function replaceIn<T>(map: Map<string, T>, key: string, value: T | null): void {
  if (value === null) map.delete(key);
  else map.set(key, value);
}
