// Notices that root_dir, which may be or lie behind a symbolic link, leads to another folder, vanishes or comes back. A
// watcher of files does not tell: it watches the folder that it was given.

import { realpath, stat } from 'node:fs/promises';

/** How often is looked, in milliseconds; a look costs about 50 µs. */
const LOOK_MS = 500;

/** What hears of root_dir. */
export interface RootLinkListener {
  /** root_dir leads to another folder, or is there again: its real path. */
  readonly onMove: (root: string) => void;
  readonly onVanish: () => void;
}

/** Looks after root_dir until it is told to stop. */
export function watchRootLink(folder: string, root: string, listener: RootLinkListener): () => void {
  let known: string | undefined = root;
  const look = async (): Promise<void> => {
    const found = await currentFolder(folder);
    if (found === known) return;
    known = found;
    if (found === undefined) listener.onVanish();
    else listener.onMove(found);
  };
  const timer = setInterval(() => void look(), LOOK_MS).unref();
  return () => clearInterval(timer);
}

async function currentFolder(folder: string): Promise<string | undefined> {
  try {
    const root = await realpath(folder);
    return (await stat(root)).isDirectory() ? root : undefined;
  } catch {
    return undefined;
  }
}
