// A folder of files as a set of pages, without HTTP.

import type { ParsedPage } from '../compiler/parsed-page.ts';
import type { Problem, Warning } from '../diagnostics/problem.ts';
import type { PageScope, SessionNeed } from '../runtime/page-types.ts';
import type { Audience, SnapshotData } from './generation-change.ts';
import type { HiddenFiles } from './hidden-files.ts';

/** A page, and the parts of the URL that its bracketed names have matched. */
export interface LocatedPage {
  readonly kind: 'page';
  readonly file: string;
  readonly params: Readonly<Record<string, string>>;
}

/** What a URL path leads to. */
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
  /** What its Session calls, and those of its literal includes, need. */
  readonly need: SessionNeed;
  /** Whether it, or what it includes by a literal path, tells request methods apart. */
  readonly asks_method: boolean;
  /** Runs it, with `data` as its ARGS; synchronous unless the page awaits. Throws what the page throws. */
  render(scope: PageScope, data?: unknown): string | Promise<string>;
}

/** What `karrigell check` finds in a site. */
export type Finding =
  | { readonly severity: 'error'; readonly problem: Problem }
  | { readonly severity: 'warning'; readonly warning: Warning };

/** The pages of one generation, as one request sees them. */
export interface PageSet {
  /** Absolute, with symbolic links resolved. */
  readonly root: string;
  /** From an undecoded URL path to a file (contract section 4). Never names what must not be served. */
  locate(path: string): Located;
  /** The page of a file, compiled; at once when it is in memory and unchanged. Throws a Problem. */
  load(file: string): LoadedPage | Promise<LoadedPage>;
  /** Whether a file may be served under some name; its path is real, with symbolic links resolved. */
  mayServe(real: string): boolean;
  /** The request has ended. */
  release(): void;
}

/** The pages of one site. */
export interface Pages {
  /** Where the pages lie that are served now: absolute, with symbolic links resolved. */
  readonly root: string;
  /** What is served now, for one request, which releases it at its end. */
  begin(): PageSet;
  /**
   * The page that a program names, by its URL path or as Include does: `/_mails/welcome.pih`.
   * @throws Problem `page-missing`, `page-static`
   */
  named(path: string): LocatedPage;
  /** The page of a file, as it is served now. Throws a Problem. */
  load(file: string): LoadedPage | Promise<LoadedPage>;
  /** Absolute paths of all that pages are made of: themselves, includes, layouts, modules, and what of it is absent. */
  filesOf(...pages: readonly string[]): ReadonlySet<string>;
  /** Where another process plans the generations: what it tells its plans. */
  readonly audience: Audience | undefined;
  /** How many pages the site has. */
  count(): number;
  /** The pages whose names lead to no URL, or to the URLs of another page. */
  routeProblems(): Problem[];
  /** Compiles these files, or the whole site. */
  check(files?: readonly string[]): Promise<Finding[]>;
  /** Calls back with the absolute paths of files that were saved, added or removed. Gives the way to stop. */
  onChange(listener: (files: readonly string[]) => void): () => void;
  close(): Promise<void>;
}

/** What a set of pages needs to know. */
export interface PagesOptions {
  readonly root_dir: string;
  readonly watch: boolean;
  readonly debug: boolean;
  /** Files and folders that are never served nor run (the configuration file, the session folder). */
  readonly hidden: HiddenFiles;
  readonly log: (level: 'warn' | 'error', message: string, cause?: unknown) => void;
  /** Takes each page that the compiler parses. */
  readonly onParsed?: (page: ParsedPage) => void;
  /** What is served first, where another process plans the generations; left out: this process does. */
  readonly sources?: SnapshotData | undefined;
}
