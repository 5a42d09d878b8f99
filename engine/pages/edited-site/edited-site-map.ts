// The map of a site in an editor: the surfaces of its pages, with unsaved texts in place of files. It is read page by
// page in short slices, so that the editor gets answers in between. After a change only the pages that it reaches are read again.

import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { NOTHING_HIDDEN } from '../hidden-files.ts';
import { isPageFile } from '../hidden-names.ts';
import type { Located } from '../index.ts';
import { Locator } from '../locator.ts';
import { NODE_DISK, type Stamp } from '../site-disk.ts';
import { surfaceOf } from '../site-map/page-surface.ts';
import { type AddressedSite, pathOfPage } from '../site-map/site-addresses.ts';
import { SitePages } from '../site-map/site-pages.ts';
import { isServed, type RootPage, staticSurface } from '../site-map/site-surfaces.ts';
import { DiskLook, type SiteFiles } from './disk-look.ts';
import { type OpenText, OpenTexts, savedText } from './open-texts.ts';
import { type Sending, sendingsOf } from './sendings.ts';

/** A page that runs by itself, or static HTML, with the files that it was read from. */
interface MappedPage {
  /** Undefined as long as the page has not parsed. */
  readonly page: RootPage | undefined;
  readonly stamps: ReadonlyMap<string, Stamp>;
  /** The version of the modules whose constants it was read with; undefined without such modules. */
  readonly modules: number | undefined;
  /** The fields that it sends, and the version of the file names by which their receivers were found. */
  sent: { readonly sendings: readonly Sending[]; readonly version: number };
}

/** The site to map. */
interface MappedSite {
  readonly root: string;
  readonly error_pages?: readonly string[];
}

/** A slice of reading lasts so many milliseconds. */
const SLICE = 20;

/** The map of one site. */
export class EditedSiteMap implements AddressedSite {
  readonly root: string;
  readonly disk = NODE_DISK;
  /** An editor judges no links. */
  readonly outside_paths: readonly string[] = [];
  readonly #errorPages: ReadonlySet<string>;
  readonly #texts: OpenTexts;
  readonly #look: DiskLook;
  readonly #locator: Locator;
  readonly #mapped = new Map<string, MappedPage>();
  readonly #located = new Map<string, Located>();
  #locatedVersion = 0;
  readonly #modules = new Map<string, Stamp>();
  #modulesVersion = 0;
  /** Whether all pages have been read once. */
  wasRead = false;
  #wanted = 0;
  #running: Promise<void> | undefined;

  /** @param now a clock in milliseconds */
  constructor({ root, error_pages = [] }: MappedSite, text: OpenText, now: () => number = Date.now) {
    this.root = root;
    this.#errorPages = new Set(error_pages);
    this.#texts = new OpenTexts(text);
    this.#look = new DiskLook(root, now);
    this.#locator = new Locator(root, NOTHING_HIDDEN);
  }

  /** The files of the site. */
  get files(): SiteFiles {
    return this.#look.files;
  }

  /** All pages that have been read. */
  get pages(): RootPage[] {
    return [...this.#mapped.values()].map(({ page }) => page).filter((page) => page !== undefined);
  }

  /** The pages that have a file: the page itself, and all pages of which it is a part or layout. */
  pagesWith(file: string): RootPage[] {
    return this.pages.filter(({ surface }) => surface.parts.some((part) => part.file === file));
  }

  /** Changes whenever a file was added or removed. */
  get version(): number {
    return this.#look.version;
  }

  /** The text of a file as the editor shows it; '' if it cannot be read. */
  text(file: string): string {
    return this.#texts.text(file) ?? savedText(file) ?? '';
  }

  /** A page as it is now; undefined if it does not parse. */
  page(file: string): RootPage | undefined {
    this.#bring(file, this.#newPages());
    return this.#mapped.get(file)?.page;
  }

  /** The fields that the pages send, as far as they have been read. */
  *sendings(): Generator<readonly [RootPage, Sending]> {
    const { version } = this.#look;
    for (const mapped of this.#mapped.values()) {
      if (mapped.page === undefined) continue;
      if (mapped.sent.version !== version) mapped.sent = this.#sentBy(mapped.page);
      for (const sending of mapped.sent.sendings) yield [mapped.page, sending];
    }
  }

  locate(path: string): Located {
    const { version } = this.#look;
    if (this.#locatedVersion !== version) this.#located.clear();
    this.#locatedVersion = version;
    const found = this.#located.get(path) ?? this.#locator.locate(path);
    this.#located.set(path, found);
    return found;
  }

  /** Files have changed on the disk. */
  diskChanged(): void {
    this.#look.forget();
  }

  /**
   * Reads the pages that have changed.
   * @param limit the reading goes on in the background after so many milliseconds
   * @returns whether all pages have been read
   */
  async update(limit: number): Promise<boolean> {
    this.#wanted++;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    const timer = new AbortController();
    const isDone = await Promise.race([
      this.#running.then(() => true),
      sleep(limit, false, { signal: timer.signal }).catch(() => true),
    ]);
    timer.abort();
    return isDone;
  }

  async #run(): Promise<void> {
    for (let wanted = -1; wanted !== this.#wanted; ) {
      wanted = this.#wanted;
      const pages = this.#newPages();
      let sliceEnd = performance.now() + SLICE;
      for (const file of this.#wantedFiles()) {
        this.#bring(file, pages);
        if (performance.now() < sliceEnd) continue;
        await nextTurn();
        if (wanted !== this.#wanted) break;
        sliceEnd = performance.now() + SLICE;
      }
    }
    this.wasRead = true;
  }

  /** The files that the map has a page of. Parts that a page names are read with that page. */
  *#wantedFiles(): Generator<string> {
    const { pages, statics } = this.#look.files;
    const served = new Set([...pages.filter((file) => isServed(this.root, file)), ...statics.filter(isHtml)]);
    yield* served;
    const named = new Set<string>();
    for (const file of served)
      for (const part of this.#mapped.get(file)?.page?.surface.parts ?? []) named.add(part.file);
    const others = new Set(pages.filter((file) => !served.has(file) && !named.has(file)));
    for (const file of this.#mapped.keys())
      if (!served.has(file) && !others.has(file)) this.#mapped.delete(file);
    yield* others;
  }

  /** Pages as they are now. One object reads each part once, so it serves until the next change. */
  #newPages(): TrackedPages {
    for (const [file, stamp] of this.#modules) if (this.#stamp(file) !== stamp) this.#modulesChanged();
    return new TrackedPages(this.root, (file) => this.#stamp(file), this.#texts);
  }

  #modulesChanged(): void {
    this.#modules.clear();
    this.#modulesVersion++;
  }

  #stamp(file: string): Stamp {
    return this.#texts.stamp(file) ?? this.#look.stamp(file);
  }

  #bring(file: string, pages: TrackedPages): void {
    const known = this.#mapped.get(file);
    if (known !== undefined && this.#isCurrent(known)) return;
    const page = pages.tracked(file, () => this.#read(file, pages)) ?? known?.page;
    for (const module of pages.modules) this.#modules.set(module, pages.used.get(module) ?? '');
    const modules = pages.modules.size > 0 ? this.#modulesVersion : undefined;
    const sent = page === undefined ? { sendings: [], version: this.#look.version } : this.#sentBy(page);
    this.#mapped.set(file, { page, stamps: new Map(pages.used), modules, sent });
  }

  #isCurrent({ stamps, modules }: MappedPage): boolean {
    if (modules !== undefined && modules !== this.#modulesVersion) return false;
    for (const [file, stamp] of stamps) if (this.#stamp(file) !== stamp) return false;
    return true;
  }

  #read(file: string, pages: TrackedPages): RootPage | undefined {
    if (!isPageFile(file)) {
      const path = file.slice(this.root.length).replaceAll('\\', '/');
      return { surface: staticSurface(file, pages), path, hasUrl: true, isErrorPage: false };
    }
    const page = pages.page(file);
    if (page === undefined) return undefined;
    const surface = surfaceOf(page, pages.samples(page).documents, pages);
    const hasUrl = isServed(this.root, file);
    if (hasUrl) pages.release(file);
    const isErrorPage = this.#errorPages.has(file);
    const path = isErrorPage ? undefined : pathOfPage(this.root, file);
    return { surface, path, hasUrl, isErrorPage };
  }

  #sentBy(page: RootPage): MappedPage['sent'] {
    return { sendings: sendingsOf(page, this), version: this.#look.version };
  }
}

function isHtml(file: string): boolean {
  return /\.html?$/i.test(file);
}

/** Pages with the files that each of them was read from. Each file has the stamp that it had when it was first read here. */
class TrackedPages extends SitePages {
  readonly used: Map<string, Stamp>;
  readonly modules: Set<string>;

  constructor(root: string, stampOf: (file: string) => Stamp, texts: OpenTexts) {
    const used = new Map<string, Stamp>();
    const modules = new Set<string>();
    const first = new Map<string, Stamp>();
    const stamp = (file: string): Stamp => {
      const found = first.get(file) ?? stampOf(file);
      first.set(file, found);
      used.set(file, found);
      return found;
    };
    super(
      { root, stamp, read: (file) => texts.text(file) ?? readFileSync(file, 'utf8') },
      (file) => texts.parsed(file),
      (file) => {
        modules.add(file);
        stamp(file);
      },
    );
    this.used = used;
    this.modules = modules;
  }

  /** Reads one page. Then `used` and `modules` have the files that it was read from. */
  tracked<T>(file: string, read: () => T): T {
    this.used.clear();
    this.modules.clear();
    this.sources.stamp(file);
    return read();
  }
}
