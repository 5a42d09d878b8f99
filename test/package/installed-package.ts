// The package as it is published: packed, unpacked into an empty folder beside the packages that it declares, and used there.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';

export const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
export const run = promisify(execFile);

/** The folder that has the package in its node_modules. */
export const folder = await realpath(await mkdtemp(join(tmpdir(), 'karrigell-package-')));
/** The folder of the package. */
export const home = join(folder, 'node_modules/karrigell');
export const program = join(home, 'dist/cli.js');

/** Sessions in files. */
export const FILES = { KARRIGELL_PERSISTENT_SESSION: 'true' };

test.serial.before('the package is made, packed and unpacked', async (t) => {
  t.timeout(300_000);
  await run(process.execPath, ['scripts/package.mjs', join(folder, 'built')], { cwd: REPOSITORY });
  await run('npm', ['pack', join(folder, 'built')], { cwd: folder, shell: process.platform === 'win32' });
  const [packed = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  await mkdir(home, { recursive: true });
  await run('tar', ['-xzf', packed, '-C', home, '--strip-components', '1'], { cwd: folder });
  const { dependencies } = await manifest();
  for (const name of [...Object.keys(dependencies), 'typescript', '@types/node', 'zod']) await link(name);
});

test.after.always(() => rm(folder, { recursive: true, force: true }));

/** The package.json of the package. */
export async function manifest() {
  return JSON.parse(await readFile(join(home, 'package.json'), 'utf8'));
}

/** Installs a package of the repository. */
async function link(name: string): Promise<void> {
  const path = join(folder, 'node_modules', name);
  await mkdir(dirname(path), { recursive: true });
  await symlink(join(REPOSITORY, 'node_modules', name), path, 'junction');
}

/** Runs the command of the package. @returns the text that it prints */
export async function karrigell(cwd: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, ...FILES };
  return (await run(process.execPath, [program, ...args], { cwd, env })).stdout;
}
