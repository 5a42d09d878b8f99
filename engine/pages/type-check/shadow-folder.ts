// A temporary folder in which each typed module has the path that its page has on the disk. `rootDirs` overlays it on
// the site, so that `./_data/cart.ts` is the site's file. Links to the real node_modules folders let packages resolve
// as from the page. Nothing is written into the site, because it may be read-only, it is being watched, and two checks
// may run at a time.

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';

/** The folders of all checks that run now. A process that ends before them removes them. */
const existing = new Set<string>();

function removeExisting(): void {
  for (const folder of existing) removeFolder(folder);
}

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** The folder of typed modules. */
export class Shadow {
  /** Absolute, with symbolic links resolved. */
  readonly folder: string;
  readonly #made = new Set<string>();

  constructor() {
    this.folder = realpathSync.native(mkdtempSync(join(tmpdir(), 'karrigell-check-')));
    if (existing.size === 0) process.on('exit', removeExisting);
    existing.add(this.folder);
  }

  /** Maps a path of the disk to its path in this folder. */
  pathOf(file: string): string {
    return join(this.folder, file.replace(/^([A-Za-z]):/, '$1'));
  }

  /** The path of a page's typed module. */
  moduleOf(page: string): string {
    return `${this.pathOf(page)}.ts`;
  }

  write(page: string, code: string): void {
    this.#folderFor(dirname(page));
    writeFileSync(this.moduleOf(page), code);
  }

  /** Copies a file into this folder unless it lies in it already; returns the path of the copy. */
  copyOf(file: string): string {
    if (file.startsWith(this.folder + sep)) return file;
    this.#folderFor(dirname(file));
    copyFileSync(file, this.pathOf(file));
    return this.pathOf(file);
  }

  /** Writes a tsconfig.json at the shadow path of `folder`, whose packages its `types` name; returns its path. */
  writeSettings(folder: string, content: object): string {
    this.#folderFor(folder);
    const file = join(this.pathOf(folder), 'tsconfig.json');
    writeFileSync(file, JSON.stringify(content));
    return file;
  }

  remove(): void {
    existing.delete(this.folder);
    if (existing.size === 0) process.off('exit', removeExisting);
    removeFolder(this.folder);
  }

  /** Makes a folder and its parents, each with a link to the packages of the real folder. */
  #folderFor(folder: string): void {
    const real = resolve(folder);
    if (this.#made.has(real)) return;
    this.#made.add(real);
    if (dirname(real) !== real) this.#folderFor(dirname(real));
    const shadow = this.pathOf(real);
    mkdirSync(shadow, { recursive: true });
    const packages = join(real, 'node_modules');
    if (existsSync(packages)) symlinkSync(packages, join(shadow, 'node_modules'), 'junction');
    const manifest = join(real, 'package.json');
    if (existsSync(manifest)) copyFileSync(manifest, join(shadow, 'package.json'));
  }
}
