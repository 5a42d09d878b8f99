// A temporary folder in which the typed modules stand as their pages do in the site. `rootDirs` lays the two over each
// other, so that `./_data/cart.ts` means the site's file; node_modules of the page's folder and of those above are links
// to the real ones, so that packages are found as from the page itself. Nothing is written into the site: it may be
// read-only, it is being watched, and two checks may run at a time.

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

/** The folder of typed modules. */
export class Shadow {
  /** Absolute, symbolic links resolved. */
  readonly folder: string;
  readonly #made = new Set<string>();
  readonly #remove = (): void => rmSync(this.folder, { recursive: true, force: true });

  constructor() {
    this.folder = realpathSync.native(mkdtempSync(join(tmpdir(), 'karrigell-check-')));
    process.once('exit', this.#remove);
  }

  /** Where something of the site stands here. */
  pathOf(file: string): string {
    return join(this.folder, file.replace(/^([A-Za-z]):/, '$1'));
  }

  /** Where a page's typed module stands. */
  moduleOf(page: string): string {
    return `${this.pathOf(page)}.ts`;
  }

  write(page: string, code: string): void {
    this.#folderFor(dirname(page));
    writeFileSync(this.moduleOf(page), code);
  }

  /** Copies a file to where it stands here, unless it is here already; gives that path. */
  copyOf(file: string): string {
    if (file.startsWith(this.folder + sep)) return file;
    this.#folderFor(dirname(file));
    copyFileSync(file, this.pathOf(file));
    return this.pathOf(file);
  }

  /** Writes the settings to where they are as if they stood in `folder`, whose packages their `types` name. */
  writeSettings(folder: string, content: object): string {
    this.#folderFor(folder);
    const file = join(this.pathOf(folder), 'tsconfig.json');
    writeFileSync(file, JSON.stringify(content));
    return file;
  }

  remove(): void {
    process.off('exit', this.#remove);
    this.#remove();
  }

  /** Makes a folder and those above it, each with the packages of the real one. */
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
