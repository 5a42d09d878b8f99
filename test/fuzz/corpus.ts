// Inputs that once failed, one file each: corpus/<target>/<hash>.json. The tests try them again.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../test/fuzz/corpus/', import.meta.url));

/** An input that failed, and what was wrong with it. */
interface KeptInput {
  readonly input: unknown;
  readonly found: string;
}

/** The kept inputs of a target, by the names of their files. */
export function keptInputs(target: string): ReadonlyMap<string, KeptInput> {
  const folder = join(FOLDER, target);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return new Map(names.map((name) => [name, JSON.parse(readFileSync(join(folder, name), 'utf8'))]));
}

/** Keeps an input; gives its file. */
export function keepInput(target: string, kept: KeptInput): string {
  const folder = join(FOLDER, target);
  mkdirSync(folder, { recursive: true });
  const hash = createHash('sha256').update(JSON.stringify(kept.input)).digest('hex').slice(0, 12);
  const file = join(folder, `${hash}.json`);
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
  return file;
}
