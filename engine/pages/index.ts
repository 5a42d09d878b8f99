// A folder of files as a set of pages, without HTTP.

import type { ParsedPage } from '../compiler/parsed-page.ts';
import type { Problem, Warning } from '../diagnostics/problem.ts';
import type { PageScope, SessionNeed } from '../runtime/page-types.ts';
import type { Audience, SnapshotData } from './generation-change.ts';
import type { HiddenFiles } from './hidden-files.ts';

/** A page, with the parts of the URL that its bracketed names matched. */
export interface LocatedPage {
  readonly kind: 'page';
  readonly file: string;
  readonly params: Readonly<Record<string, string>>;
}

/** The result of a search for a URL path. */
export type Located =
  | LocatedPage
  | { readonly kind: 'static'; readonly file: string }
  | { readonly kind: 'redirect'; readonly path: string }
  | { readonly kind: 'none'; readonly tried: readonly string[]; readonly nearest: string | undefined };

/** A page ready to run. */
export interface LoadedPage {
  /** Absolute path. */
  readonly file: string;
  /** Path below root_dir with forward slashes, as errors and logs name it. */
  readonly name: string;
  /** The kind of session that its calls of `Session`, and those of its literal includes, need. */
  readonly need: SessionNeed;
  /** Whether it, or a page that it includes by a literal path, distinguishes request methods. */
  readonly asks_method: boolean;
  /**
   * Runs the page with `data` as its ARGS. Returns a promise only if the page awaits.
   * @throws the page's own error
   */
  render(scope: PageScope, data?: unknown): string | Promise<string>;
}

/** One result of `karrigell check`. */
export type Finding =
  | { readonly severity: 'error'; readonly problem: Problem }
  | { readonly severity: 'warning'; readonly warning: Warning };

/** The pages of one generation, as one request sees them. */
export interface PageSet {
  /** Absolute, with symbolic links resolved. */
  readonly root: string;
  /** Finds the file for an undecoded URL path (contract section 4). A file that must not be served is never found. */
  locate(path: string): Located;
  /**
   * The compiled page of a file; a promise only if the page has to be compiled or its modules have to run.
   * @throws (or rejects with) Problem
   */
  load(file: string): LoadedPage | Promise<LoadedPage>;
  /**
   * Whether a file may be served.
   * @param real the file's path with symbolic links resolved
   */
  mayServe(real: string): boolean;
  /** Ends the use of this generation; called once, at the end of the request. */
  release(): void;
}

/** The pages of one site. */
export interface Pages {
  /** The folder of the pages that are served now: absolute, with symbolic links resolved. */
  readonly root: string;
  /** The generation that is served now. The request that takes it must release it. */
  begin(): PageSet;
  /**
   * Finds the page that a program names by its URL path, or by its file as Include does: `/_mails/welcome.pih`.
   * @throws Problem `page-missing`, `page-static`
   */
  named(path: string): LocatedPage;
  /**
   * The page of a file, in the generation that is served now.
   * @throws (or rejects with) Problem
   */
  load(file: string): LoadedPage | Promise<LoadedPage>;
  /**
   * Absolute paths of all files that pages depend on: the pages, includes, layouts and modules, and the named files
   * that are absent.
   */
  filesOf(...pages: readonly string[]): ReadonlySet<string>;
  /** Receives generations from the process that plans them; undefined if this process plans them itself. */
  readonly audience: Audience | undefined;
  /** The number of pages that have a URL. */
  count(): number;
  /** Errors for pages whose names give no URL, or the URLs of another page. */
  routeProblems(): Problem[];
  /** Compiles these files, or all pages of the site, without running them. */
  check(files?: readonly string[]): Promise<Finding[]>;
  /**
   * Calls the listener with the absolute paths of files that were saved, added or removed.
   * @returns a function that removes the listener
   */
  onChange(listener: (files: readonly string[]) => void): () => void;
  close(): Promise<void>;
}

/** The settings of a set of pages. */
export interface PagesOptions {
  readonly root_dir: string;
  readonly watch: boolean;
  readonly debug: boolean;
  /** Files and folders that are never served or run: the configuration file and the folder of the sessions. */
  readonly hidden: HiddenFiles;
  readonly log: (level: 'warn' | 'error', message: string, cause?: unknown) => void;
  /** Called with each page that the compiler has parsed. */
  readonly onParsed?: (page: ParsedPage) => void;
  /** The first snapshot, if another process plans the generations; without it, this process plans them. */
  readonly sources?: SnapshotData | undefined;
}
