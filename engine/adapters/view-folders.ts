// The folders of views of a program, each as a set of pages. The program's settings are the key under which they are kept, so
// two programs in one process share nothing, and the folders are collected with their program.

import { dirname, join, relative, resolve } from 'node:path';
import { standardErrorLog } from '../http/error-page/error-text.ts';
import { HiddenFiles } from '../pages/hidden-files.ts';
import type { Pages } from '../pages/index.ts';
import { openPages } from '../pages/open-pages.ts';
import { isInside } from '../pages/site-paths.ts';
import { loadRunnable, type RunnablePage } from './run-page.ts';

/** A call of the engine by Express. */
export interface ViewCall {
  /** The absolute path of the view. */
  readonly file: string;
  /** Express's View object: the engine's `this`. */
  readonly view: unknown;
  /** The local `settings`: the settings of Express, unless the program has put another value there. */
  readonly settings: unknown;
  /** False: newer versions of the view and of the files that it uses are looked for on the disk. */
  readonly cached: boolean;
  /** False: the guards of its folders do not run. */
  readonly before: boolean;
}

type Folders = Map<string, Promise<Pages>>;

const opened = new WeakMap<object, Folders>();

/** Whether settings are those of Express. They have a function, which data from a visitor never have. */
export function areOfExpress(settings: unknown): settings is object {
  return isObject(settings) && typeof Reflect.get(settings, 'view') === 'function';
}

/**
 * A view, compiled, with the guards of the folders around it.
 * @throws (rejects with) Problem
 */
export async function loadView(call: ViewCall): Promise<RunnablePage> {
  const root = rootOf(call);
  const pages = await pagesIn(root, foldersOf(call), call.cached);
  // Pages know their root by its real path. The rest of the path stays as it is, so a view that is a link belongs to the folder
  // of the link.
  const file = join(pages.root, relative(root, call.file));
  return loadRunnable(pages, file, call.before ? pages.guardsOf(file) : []);
}

/** The folder for a leading `/` in paths: the folder of views that the file lies in, else the file's own folder. */
function rootOf({ file, view, settings }: ViewCall): string {
  const views: unknown = isView(view) ? view.root : areOfExpress(settings) && Reflect.get(settings, 'views');
  const folders = [views].flat().filter((folder) => typeof folder === 'string');
  return folders.map((folder) => resolve(folder)).find((folder) => isInside(folder, file)) ?? dirname(file);
}

/** The folders of a program. Without Express's settings the key is the View, which Express keeps as long as its cache lasts. */
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
