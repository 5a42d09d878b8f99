// The two ways to make a file that appears at once with its owner's name in it, only if it was not there: a symbolic
// link whose target is the text, or (Windows, where links need a privilege) a hard link to a file that holds it.

import { link, lutimes, readFile, readlink, symlink, unlink, utimes, writeFile } from 'node:fs/promises';

/** How lock files are made on this platform. */
export interface LockWay {
  /** Makes it; EEXIST when it is there, ENOENT when its folder is not. */
  make(path: string, text: string): Promise<void>;
  /** Its text; ENOENT when it is not there. */
  read(path: string): Promise<string>;
  /** Shows that its owner is alive. */
  renew(path: string, time: Date): Promise<void>;
}

const symbolic: LockWay = {
  make: (path, text) => symlink(text, path),
  read: (path) => readlink(path),
  renew: (path, time) => lutimes(path, time, time),
};

const hard: LockWay = {
  async make(path, text) {
    const whole = `${path}.${process.pid}.${process.hrtime.bigint()}.tmp`;
    await writeFile(whole, text, { flag: 'wx', mode: 0o600 });
    try {
      await link(whole, path);
    } finally {
      await unlink(whole);
    }
  },
  read: (path) => readFile(path, 'utf8'),
  renew: (path, time) => utimes(path, time, time),
};

export const LOCK_WAYS = { symbolic, hard } as const;
