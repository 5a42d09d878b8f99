// A site inside a program, as a user of the package opens it: `import { karrigell } from 'karrigell'`.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { type Karrigell, type KarrigellOptions, karrigell } from 'karrigell';
import { folderWith } from '../folder.ts';

/** An open site and its root_dir. */
export interface ProgramSite {
  readonly app: Karrigell;
  readonly folder: string;
  /** The messages to the operator, in order. */
  readonly messages: string[];
  /** Writes a file below root_dir. */
  write(name: string, content: string): Promise<void>;
}

/** Opens these files as a site until the test has ended. */
export async function openSite(
  t: ExecutionContext,
  files: Readonly<Record<string, string>>,
  options: KarrigellOptions = {},
): Promise<ProgramSite> {
  const folder = await folderWith(t, files);
  const messages: string[] = [];
  const app = await karrigell({
    root_dir: folder,
    base_dir: folder,
    watch: false,
    port: 0,
    log: false,
    on_message: (_, message) => messages.push(message),
    ...options,
  });
  t.teardown(() => app.close());
  return { app, folder, messages, write: (name, content) => writeFile(join(folder, name), content) };
}
