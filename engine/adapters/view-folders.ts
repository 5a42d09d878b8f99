// The folders of views of a program, each as a set of pages. They are kept by the program's own settings, so that two
// programs in one process share nothing, and are gone with it.

import { dirname, join, relative, resolve } from 'node:path';
import { standardErrorLog } from '../http/error-page/error-text.ts';
import { HiddenFiles } from '../pages/hidden-files.ts';
import type { LoadedPage, Pages } from '../pages/index.ts';
import { isInside } from '../pages/inside.ts';
import { openPages } from '../pages/open.ts';

/** How Express calls an engine. */
export interface ViewCall {
  /** Absolute path. */
  readonly file: string;
  /** Its View object, the engine's `this`. */
  readonly view: unknown;
  /** The local `settings`: those of Express, unless somebody has put another value there. */
  readonly settings: unknown;
  /** False: the disk is looked at for newer versions of the view and all that it is made of. */
  readonly cached: boolean;
}

type Folders = Map<string, Promise<Pages>>;

const opened = new WeakMap<object, Folders>();

/** Whether these are Express's: what a visitor has sent never holds a function. */
export function areOfExpress(settings: unknown): settings is object {
  return isObject(settings) && typeof Reflect.get(settings, 'view') === 'function';
}

/**
 * A view, compiled.
 * @throws (rejects with) Problem
 */
export async function loadView(call: ViewCall): Promise<LoadedPage> {
  const root = rootOf(call);
  const pages = await pagesIn(root, foldersOf(call), call.cached);
  // The library knows its folder by its real path; a view that is a link itself stands where the link stands.
  return pages.load(join(pages.root, relative(root, call.file)));
}

/** What a leading `/` in paths means: the folder of views that the file lies in, else its own folder. */
function rootOf({ file, view, settings }: ViewCall): string {
  const views: unknown = isView(view) ? view.root : areOfExpress(settings) && Reflect.get(settings, 'views');
  const folders = [views].flat().filter((folder) => typeof folder === 'string');
  return folders.map((folder) => resolve(folder)).find((folder) => isInside(folder, file)) ?? dirname(file);
}

/** Where the settings are out of sight, a View is kept by Express as long as its cache lasts. */
function foldersOf({ view, settings }: ViewCall): Folders {
  const owner = areOfExpress(settings) ? settings : isView(view) ? view : undefined;
  const known = owner === undefined ? undefined : opened.get(owner);
  if (known !== undefined) return known;
  const folders: Folders = new Map();
  if (owner !== undefined) opened.set(owner, folders);
  return folders;
}

function pagesIn(root: string, folders: Folders, cached: boolean): Promise<Pages> {
  const key = `${cached ? 'cached' : 'live'} ${root}`;
  const known = folders.get(key);
  if (known !== undefined) return known;
  const pages = openPages({
    root_dir: root,
    watch: false,
    debug: !cached,
    hidden: new HiddenFiles([]),
    log: standardErrorLog(root),
  });
  folders.set(key, pages);
  pages.catch(() => folders.delete(key));
  return pages;
}

function isView(view: unknown): view is { readonly root: unknown } {
  return isObject(view) && 'root' in view;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
