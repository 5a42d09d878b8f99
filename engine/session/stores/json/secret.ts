// The secret that the ids of one folder's sessions are signed with: a file that whoever comes first makes, whole.

import { randomBytes } from 'node:crypto';
import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from './failure.ts';

const BYTES = 32;

/** The folder's secret; made when there is none, replaced when it is damaged. */
export async function folderSecret(dir: string): Promise<Uint8Array> {
  const path = join(dir, 'secret');
  const known = await secretIn(path);
  if (known?.length === BYTES) return known;
  const whole = `${path}.${randomBytes(9).toString('base64url')}.tmp`;
  await writeFile(whole, `${randomBytes(BYTES).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 });
  if (known === undefined) await linkUnlessThere(whole, path);
  else await rename(whole, path);
  return (await secretIn(path)) ?? folderSecret(dir);
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
