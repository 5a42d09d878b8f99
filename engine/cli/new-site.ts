// The files of a new site: the files of a template (templates/), and files that depend on the folder of the site.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { PACKAGE_FOLDER, packageVersion } from '../diagnostics/package-folder.ts';

/** The names that `--template` takes. */
export const TEMPLATES = ['minimal', 'tour', 'shop'] as const;
export type Template = (typeof TEMPLATES)[number];

/** The scripts of the site's package.json. */
export const SCRIPTS = {
  dev: 'karrigell serve',
  start: 'karrigell serve --no-debug',
  check: 'karrigell check',
  test: 'node --test',
};

/** The texts of the new site's files by their paths below `dir`, with the separators of this system. */
export function newSiteFiles(dir: string, template: Template): ReadonlyMap<string, string> {
  return new Map([
    ['package.json', packageJson(dir, template)],
    ['karrigell.config.json', configuration(dir)],
    ['.gitignore', 'node_modules/\n.karrigell/\n'],
    ...textsIn(join(PACKAGE_FOLDER, 'templates', 'common')),
    ...textsIn(join(PACKAGE_FOLDER, 'templates', template)),
  ]);
}

function textsIn(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
}

/** The packages that the pages of a template import. */
const PACKAGES: Readonly<Record<Template, Readonly<Record<string, string>>>> = {
  minimal: {},
  tour: { zod: '^4.0.0' },
  shop: { zod: '^4.0.0' },
};

function packageJson(dir: string, template: Template): string {
  return json({
    name: packageName(basename(resolve(dir))),
    private: true,
    type: 'module',
    engines: { node: '>=20.19' },
    scripts: SCRIPTS,
    dependencies: { karrigell: `^${packageVersion()}`, ...PACKAGES[template] },
    devDependencies: { '@types/node': '^20.19.0', typescript: '^7.0.0' },
  });
}

/** A folder's name as npm allows it for a package. */
function packageName(folder: string): string {
  return (
    folder
      .toLowerCase()
      .match(/[a-z0-9]+/g)
      ?.join('-') ?? 'site'
  );
}

function configuration(dir: string): string {
  return json({
    $schema: packagePath(dir, 'config/config.schema.json'),
    root_dir: 'site',
    error_pages: { 404: '404.pih' },
  });
}

/**
 * The path of a file of the package from a new site: in the karrigell that its folder can import, else in the one that
 * `npm install` brings.
 */
export function packagePath(dir: string, name: string): string {
  const site = resolve(dir);
  const installed = join('node_modules', 'karrigell', name);
  const folder = isOwn(site) ? undefined : folderWith(installed, site);
  const file = isOwn(site) ? join(PACKAGE_FOLDER, name) : join(folder ?? site, installed);
  const path = relative(site, file).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}

/** True below the repository of karrigell, which is installed in no node_modules. */
function isOwn(dir: string): boolean {
  return !PACKAGE_FOLDER.includes('node_modules') && `${dir}${sep}`.startsWith(PACKAGE_FOLDER + sep);
}

/** The nearest folder, from this one upwards, that has such a file. */
function folderWith(file: string, folder: string): string | undefined {
  if (existsSync(join(folder, file))) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : folderWith(file, above);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
