// A folder of files as a set of pages, without HTTP.

import type { SourcePlace } from '../compiler/facts.ts';
import type { PageKind } from '../compiler/page-kind.ts';
import type { ParsedPage } from '../compiler/parsed-page.ts';
import type { Problem, Warning } from '../diagnostics/problem.ts';
import type { PageScope, SessionNeed } from '../runtime/page-types.ts';
import type { Audience, SnapshotData } from './generation-change.ts';
import type { HiddenFiles } from './hidden-files.ts';

/** A `_before.pih`: it runs before the pages and files of its folder and of all folders below (docs/guards.md). */
export interface Guard {
  /** Absolute path. */
  readonly file: string;
  /** The parts of the URL that the bracketed names of its folder matched. */
  readonly params: Readonly<Record<string, string>>;
}

/** The members of each result of a search. */
interface Guarded {
  /** The guards that run before anything is answered, the outermost first. */
  readonly guards: readonly Guard[];
}

/** A page, with the parts of the URL that its bracketed names matched. */
export interface LocatedPage extends Guarded {
  readonly kind: 'page';
  readonly file: string;
  readonly params: Readonly<Record<string, string>>;
}

/** A file that is no page. */
export interface LocatedFile extends Guarded {
  readonly kind: 'static';
  readonly file: string;
  /** Its path with symbolic links resolved. */
  readonly real: string;
}

/** A folder without a slash at the end of the URL. */
interface LocatedFolder extends Guarded {
  readonly kind: 'redirect';
  readonly path: string;
}

interface NothingLocated extends Guarded {
  readonly kind: 'none';
  readonly tried: readonly string[];
  /** The nearest URL of a page. It is looked for at the call, because few of the paths that lead nowhere are shown. */
  readonly nearest: () => string | undefined;
}

/** The result of a search for a URL path. */
export type Located = LocatedPage | LocatedFile | LocatedFolder | NothingLocated;

/** A page ready to run. */
export interface LoadedPage {
  /** Absolute path. */
  readonly file: string;
  /** Path below root_dir with forward slashes, as errors and logs name it. */
  readonly name: string;
  readonly kind: PageKind;
  /** The kind of session that its calls of `Session`, and those of its literal includes, need. */
  readonly need: SessionNeed;
  /** Whether it, or a page that it includes by a literal path, distinguishes request methods. */
  readonly asks_method: boolean;
  /** Whether it, or a page that it names by a literal path, uses Once. */
  readonly once: boolean;
  /** Whether it, or a page that it names by a literal path, prints forms that may get a token. */
  readonly post_forms: boolean;
  /** Whether it, or a page that it includes by a literal path, calls Form. */
  readonly has_form: boolean;
  /**
   * Runs the page with `data` as its ARGS. Returns a promise only if the page awaits.
   * @throws the page's own error
   */
  render(scope: PageScope, data?: unknown): string | Promise<string>;
}

/** The pages that use Once, as requests see them. */
export interface OncePagesView {
  /** Whether there may be such a page. Sources that may change are not searched for each request. */
  readonly exist: boolean;
  /** Whether an undecoded URL path leads to such a page. The redirect from a folder's name keeps method and fields. */
  at(path: string): boolean;
  /** The result of `decide`, which is kept for this key as long as the sources cannot change. */
  remembered(key: string, decide: () => boolean): boolean;
}

/** The place of a use of Once. */
export interface OnceUse extends SourcePlace {
  readonly file: string;
}

/** One result of `karrigell check`. */
export type Finding =
  | { readonly severity: 'error'; readonly problem: Problem }
  | { readonly severity: 'warning'; readonly warning: Warning };

/** The pages of one generation, as one request sees them. */
export interface PageSet {
  /** Absolute, with symbolic links resolved. */
  readonly root: string;
  /** Finds the file for an undecoded URL path (README.md, *From URL to file*). A file that must not be served is never found. */
  locate(path: string): Located;
  /**
   * The compiled page of a file; a promise only if the page has to be compiled or its modules have to run.
   * @throws (or rejects with) Problem
   */
  load(file: string): LoadedPage | Promise<LoadedPage>;
  /**
   * The compiled guard of a file that `locate()` has found.
   * @throws (or rejects with) Problem, also `before-waiting` if the guard is on the disk and not in this generation yet
   */
  loadGuard(file: string): LoadedPage | Promise<LoadedPage>;
  /**
   * Whether a file may be served.
   * @param real the file's path with symbolic links resolved
   */
  mayServe(real: string): boolean;
  /** Whether a page of the site shows the field as a password; known of the pages that this process has compiled. */
  isPassword(field: string): boolean;
  /** The pages that use Once. */
  readonly once: OncePagesView;
  /**
   * Absolute paths of the guards in the folders of a file.
   * @param real the file's path with symbolic links resolved
   */
  guardsOf(real: string): readonly string[];
  /** Ends the use of this generation; called once, at the end of the request. */
  release(): void;
}

/** The files that depend on others. */
export interface FileUsers {
  /** These files, and all files that depend on them, directly or not. */
  affectedBy(files: Iterable<string>): ReadonlySet<string>;
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
  /** A guard, in the generation that is served now; see PageSet. */
  loadGuard(file: string): LoadedPage | Promise<LoadedPage>;
  /** The guards of a page that a program names by its file, the outermost first. */
  guardsOf(file: string): readonly Guard[];
  /**
   * Absolute paths of all files that pages depend on: the pages, includes, layouts and modules, and the named files
   * that are absent.
   */
  filesOf(...pages: readonly string[]): ReadonlySet<string>;
  /** Receives generations from the process that plans them; undefined if this process plans them itself. */
  readonly audience: Audience | undefined;
  /** The first use of Once in the pages that are served now; undefined without one. */
  firstOnce(): OnceUse | undefined;
  /** The files that depend on others, as they are now. */
  users(): FileUsers;
  /** Every page as it is on the disk now, by absolute path. */
  files(): readonly string[];
  /** The number of pages that have a URL. */
  count(): number;
  /** Errors for pages whose names give no URL, the URLs of another page, or a kind that no page can have. */
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
  /** Whether pages run, and are not only checked; by default they do. Code that runs under debug gets a source map. */
  readonly runs?: boolean;
  /** Files and folders that are never served or run: the configuration file and the folder of the sessions. */
  readonly hidden: HiddenFiles;
  readonly log: (level: 'warn' | 'error', message: string, cause?: unknown) => void;
  /** Called with each page that the compiler has parsed. */
  readonly onParsed?: (page: ParsedPage) => void;
  /** The first snapshot, if another process plans the generations; without it, this process plans them. */
  readonly sources?: SnapshotData | undefined;
}
