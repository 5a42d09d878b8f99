// The extension for VS Code as the package ships it: taken out of its VSIX, without the repository and without packages.

import { createWriteStream, mkdtempSync, realpathSync } from 'node:fs';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import test from 'ava';
import { openPromise } from 'yauzl';
import { LanguageClient } from '../editors/language-client.ts';
import { folder, home, karrigell, manifest } from './installed-package.ts';

const archive = join(home, 'editors/karrigell-pages.vsix');
/** Outside of the site's folder, as extensions are. */
const unpacked = realpathSync(mkdtempSync(join(tmpdir(), 'karrigell-extension-')));
const extension = join(unpacked, 'extension');
const names: string[] = [];

test.before('the VSIX is unpacked, with the library that VS Code uses for that', async () => {
  const zip = await openPromise(archive);
  for await (const entry of zip.eachEntry()) {
    names.push(entry.fileName);
    const file = join(unpacked, entry.fileName);
    await mkdir(dirname(file), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(file));
  }
});

test.after.always(() => rm(unpacked, { recursive: true, force: true }));

test('the VSIX is small, and has the licenses of all that is in it', async (t) => {
  t.true((await stat(archive)).size < 2_200_000);
  t.true(names.length < 130, `${names.length} files`);
  t.regex(await readFile(join(extension, 'LICENSE.txt'), 'utf8'), /^MIT License/);
  const notices = await readFile(join(extension, 'server/dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
  t.regex(notices, /^==== typescript 6\S* \(Apache-2\.0\) ====$/m);
  t.regex(notices, /^==== vscode-languageclient \S* \(MIT\) ====$/m);
});

test('the descriptions of the extension agree with the package, and name files that exist', async (t) => {
  const { version } = await manifest();
  const { contributes, ...described } = JSON.parse(await readFile(join(extension, 'package.json'), 'utf8'));
  t.is(described.version, version);
  const vsix = await readFile(join(unpacked, 'extension.vsixmanifest'), 'utf8');
  const identity = `Id="${described.name}" Version="${version}" Publisher="${described.publisher}"`;
  t.true(vsix.includes(identity), vsix);
  const contributed = Object.values<Contribution[]>(contributes).flat();
  const paths = [described.main, ...contributed.map(({ path, configuration }) => path ?? configuration)];
  for (const path of paths) t.true((await stat(join(extension, path))).isFile(), path);
  const assets = [...vsix.matchAll(/ Path="([^"]+)"/g)].map(([, path]) => String(path));
  t.true(assets.length > 0);
  for (const path of assets) t.true(names.includes(path), path);
  const types = await readFile(join(unpacked, '[Content_Types].xml'), 'utf8');
  const endings = names
    .filter((name) => name !== '[Content_Types].xml')
    .map((name) => /\.\w+$/.exec(name)?.[0]);
  for (const ending of new Set(endings)) t.true(types.includes(`Extension="${ending}"`), ending);
});

interface Contribution {
  readonly path?: string;
  readonly configuration?: string;
}

test('the programs of the extension need no packages', async (t) => {
  for (const name of ['extension.js', 'main.js']) {
    const code = await readFile(join(extension, 'server/dist', name), 'utf8');
    const required = [...code.matchAll(/\brequire\([`"']([^`"'$]+)[`"']\)/g)].map(([, path]) => String(path));
    const others = required.filter((path) => !isBuiltin(path) && !names.includes(besides(name, path)));
    t.deepEqual([...new Set(others)], name === 'extension.js' ? ['vscode'] : [], name);
  }
});

/** The name in the VSIX of a file that a program names. */
function besides(program: string, path: string): string {
  return join('extension/server/dist', dirname(program), path).replaceAll('\\', '/');
}

interface Completions {
  readonly items: readonly { readonly label: string }[];
}

test('the language server finds errors and completes names in a site with the package', async (t) => {
  t.timeout(120_000);
  await karrigell(folder, 'init', 'edited');
  const site = join(folder, 'edited/site');
  const page = join(site, 'index.pih');
  const client = await LanguageClient.start(join(extension, 'server/dist/main.js'), join(folder, 'edited'));
  t.teardown(() => client.stop());
  client.type(page);
  t.deepEqual(await client.diagnostics(page), []);
  client.type(page, '<p>\n<%= Session().visits.toUpperCase() %>\n<%= [1].at(0)?.toFixed() %>');
  const [type, ...otherTypes] = await client.diagnostics(page);
  t.like(type, { source: 'ts', code: 2339, range: { start: { line: 1, character: 21 } } });
  t.deepEqual(otherTypes, []);
  client.type(page, '<p>\n<% enum A { B } %>');
  const [syntax, ...otherErrors] = await client.diagnostics(page);
  t.like(syntax, { source: 'karrigell', code: 'not-erasable', range: { start: { line: 1, character: 3 } } });
  t.deepEqual(otherErrors, []);
  const { items } = await client.at<Completions>('textDocument/completion', page, '<%= Session().| %>');
  const labels = items.map(({ label }) => label);
  t.true(labels.includes('visits') && labels.includes('regenerate'), labels.join());
});

test('the language server says that a site has no karrigell', async (t) => {
  const page = join(unpacked, 'alone.pih');
  await writeFile(page, '<%= 1 + %>');
  const client = await LanguageClient.start(join(extension, 'server/dist/main.js'), unpacked);
  t.teardown(() => client.stop());
  client.type(page);
  t.deepEqual(
    (await client.diagnostics(page)).map(({ code }) => code),
    ['not-installed'],
  );
});
