import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { EntryStore, OpenOwnStore, StoreEntry } from 'karrigell';

const open: OpenOwnStore = async ({ dir }, { base_dir }): Promise<EntryStore> => {
  const folder = resolve(base_dir, String(dir));
  await mkdir(folder, { recursive: true });
  const path = (key: string) => join(folder, `${key}.json`);

  async function load(key: string): Promise<StoreEntry | undefined> {
    try {
      return JSON.parse(await readFile(path(key), 'utf8'));
    } catch (error) {
      if (Object(error).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async function save(key: string, entry: StoreEntry): Promise<void> {
    const whole = `${path(key)}.${process.pid}.tmp`;
    await writeFile(whole, JSON.stringify(entry));
    await rename(whole, path(key));
  }

  async function* list(): AsyncGenerator<[string, StoreEntry]> {
    for (const name of await readdir(folder)) {
      const key = name.replace(/\.json$/, '');
      const entry = name.endsWith('.json') ? await load(key) : undefined;
      if (entry !== undefined) yield [key, entry];
    }
  }

  return { lock: 'process', load, save, list, delete: (key) => rm(path(key), { force: true }) };
};

export default open;
