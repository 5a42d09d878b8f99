// The secret that the ids of one folder's sessions are signed with: a file that whoever comes first makes, whole. Where the
// folder was emptied while the site runs, there is a new one: no id from before passes for one that was just issued.

import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from './failure.ts';

const BYTES = 32;

/** The secret of one folder. */
export class FolderSecret {
  readonly #dir: string;
  #value: Uint8Array;

  private constructor(dir: string, value: Uint8Array) {
    this.#dir = dir;
    this.#value = value;
  }

  static async open(dir: string): Promise<FolderSecret> {
    return new FolderSecret(dir, await agreedSecret(dir));
  }

  get value(): Uint8Array {
    return this.#value;
  }

  /** Takes over the one that is there now. To be called now and then, and before a session begins under a fresh id. */
  async agree(): Promise<void> {
    this.#value = await agreedSecret(this.#dir);
  }
}

/** Made, with its folder, when there is none; replaced when it is damaged. */
async function agreedSecret(dir: string): Promise<Uint8Array> {
  const path = join(dir, 'secret');
  const known = await secretIn(path);
  if (known?.length === BYTES) return known;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const whole = `${path}.${randomBytes(9).toString('base64url')}.tmp`;
  await writeFile(whole, `${randomBytes(BYTES).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 });
  if (known === undefined) await linkUnlessThere(whole, path);
  else await rename(whole, path);
  return agreedSecret(dir);
}

async function secretIn(path: string): Promise<Uint8Array | undefined> {
  try {
    return Buffer.from((await readFile(path, 'utf8')).trim(), 'base64url');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** A hard link appears at once with its content, and not when another process was first. */
async function linkUnlessThere(whole: string, path: string): Promise<void> {
  try {
    await link(whole, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await unlink(whole);
  }
}
