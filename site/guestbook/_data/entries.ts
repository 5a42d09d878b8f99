// The guestbook's entries: one JSON file each, with its photo beside it. They lie outside of the site. The name of an entry
// begins with its time, so that the order of the names is the order of writing.

import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from '../../_data/data-folder.ts';

export interface Entry {
  readonly id: string;
  readonly author: string;
  readonly text: string;
  /** ISO 8601. */
  readonly written: string;
  /** A description of the photo, for visitors who cannot see it; undefined without a photo. */
  readonly photo?: string | undefined;
}

/** The formats of photos that the guestbook shows. */
export type PhotoType = 'image/jpeg' | 'image/png' | 'image/webp';

/** The entries that are kept; an older one goes with its photo. */
const MOST_ENTRIES = 100;

/** A time in milliseconds and some random digits. */
const ID = /^\d{13}-[\da-f]{12}$/;

const folder = dataFolder('guestbook');

/** The entries, the newest first. */
export function entries(): Entry[] {
  return namesOfEntries().map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
}

/** Keeps an entry. The photo is written first, so that no entry names a photo that is not there. */
export function addEntry(entry: Pick<Entry, 'author' | 'text' | 'photo'>, photo?: Uint8Array): void {
  const now = new Date();
  const id = `${now.getTime()}-${randomBytes(6).toString('hex')}`;
  mkdirSync(folder, { recursive: true });
  if (photo !== undefined) writeFileSync(photoFile(id), photo);
  const file = join(folder, `${id}.json`);
  writeFileSync(`${file}.new`, JSON.stringify({ id, ...entry, written: now.toISOString() }));
  renameSync(`${file}.new`, file);
  for (const name of namesOfEntries().slice(MOST_ENTRIES)) {
    rmSync(join(folder, name), { force: true });
    rmSync(photoFile(name.replace('.json', '')), { force: true });
  }
}

/** The photo of an entry and its format; undefined where there is none. */
export function photoOf(id: string): { bytes: Uint8Array; type: PhotoType } | undefined {
  if (!ID.test(id)) return undefined;
  try {
    const bytes = readFileSync(photoFile(id));
    const type = photoType(bytes);
    return type && { bytes, type };
  } catch {
    return undefined;
  }
}

/** The format by the first bytes of a file, because the type and the name that a browser sends may say anything. */
export function photoType(bytes: Uint8Array): PhotoType | undefined {
  const begin = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (begin.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (begin.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  return begin.startsWith('RIFF') && begin.endsWith('WEBP') ? 'image/webp' : undefined;
}

function namesOfEntries(): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => ID.test(name.replace('.json', '')))
      .sort()
      .reverse();
  } catch {
    return []; // nobody has written yet
  }
}

function photoFile(id: string): string {
  return join(folder, `${id}.photo`);
}
