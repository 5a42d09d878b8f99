// Notices when root_dir leads to another folder, vanishes or comes back. It may be a symbolic link or lie behind one,
// and a watcher of files keeps watching the folder that it was given.

import { realpath, stat } from 'node:fs/promises';

/** The interval of checks, in milliseconds; a check takes about 50 µs. */
const LOOK_MS = 500;

/** The callbacks for changes of root_dir. */
export interface RootLinkListener {
  /** Called with the real path if root_dir leads to another folder, or exists again. */
  readonly onMove: (root: string) => void;
  readonly onVanish: () => void;
}

/**
 * Watches root_dir.
 * @param root its real path now
 * @returns a function that stops watching
 */
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
