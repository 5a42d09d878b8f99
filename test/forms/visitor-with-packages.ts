// A visitor of a site whose pages can import the packages that are installed here.

import { symlink } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import type { ConfigInput } from '../../config/schema.ts';
import { type Karrigell, karrigell } from '../../engine/index.ts';
import { type Visitor, visit } from '../../engine/visit/index.ts';
import { folderWith } from '../folder.ts';

/** The app of a site with these files, closed after the test. */
export async function appWithPackages(
  t: ExecutionContext,
  files: Readonly<Record<string, string>>,
  config: Omit<ConfigInput, 'root_dir'> = {},
): Promise<Karrigell> {
  const [packages = ''] = fileURLToPath(import.meta.resolve('zod')).split(`${sep}zod${sep}`);
  const root_dir = await folderWith(t, files);
  await symlink(packages, join(root_dir, 'node_modules'));
  const quiet = { debug: false, watch: false, log: false, on_message: () => {} } as const;
  const app = await karrigell({ ...quiet, ...config, root_dir });
  t.teardown(() => app.close());
  return app;
}

export async function visitorWithPackages(
  t: ExecutionContext,
  files: Readonly<Record<string, string>>,
  config: Omit<ConfigInput, 'root_dir'> = {},
): Promise<Visitor> {
  return visit(await appWithPackages(t, files, config));
}
