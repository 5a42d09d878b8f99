// Bundles the language server and the extension into dist/, with TypeScript and its libraries in dist/typescript/ and the
// licenses of all bundled packages in dist/THIRD-PARTY-LICENSES.txt.

import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const server = fileURLToPath(new URL('../', import.meta.url));
const dist = join(server, 'dist');
const libraries = join(server, 'node_modules/typescript/lib');

/** TypeScript is a file of its own, because it looks for its libraries beside itself. */
const outside = { external: 'typescript', output: { paths: { typescript: './typescript/typescript.js' } } };
const bundles = [
  { input: 'source/main.ts', file: 'main.js', sourcemap: true, ...outside },
  { input: 'source/extension.ts', file: 'extension.js', sourcemap: true, external: 'vscode' },
  { input: 'node_modules/typescript/lib/typescript.js', file: 'typescript/typescript.js' },
];

rmSync(dist, { recursive: true, force: true });
const modules = (await Promise.all(bundles.map(bundle))).flat();
for (const name of readdirSync(libraries)) {
  if (/^lib\..*d\.ts$/.test(name)) cpSync(join(libraries, name), join(dist, 'typescript', name));
}
writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licenses(modules));

/** Writes one bundle. @returns the paths of its modules */
async function bundle({ input, file, external = [], sourcemap = false, output }) {
  const build = await rolldown({
    input: join(server, input),
    external,
    platform: 'node',
    // The HTML service has a form for ES modules; its other one hides its own files from bundlers.
    resolve: { mainFields: ['module', 'main'] },
    onLog: refuse,
  });
  const written = await build.write({
    file: join(dist, file),
    format: 'cjs',
    minify: true,
    sourcemap,
    ...output,
  });
  await build.close();
  return written.output.flatMap(({ moduleIds = [] }) => moduleIds);
}

/** Volar calls eval to hide `require` from bundlers, in a function that the server does not call. */
function refuse(_level, log) {
  if (log.code !== 'EVAL') throw new Error(log.message);
}

/** The license files of the packages of these modules. */
function licenses(paths) {
  const folders = paths.flatMap(
    (path) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(path) ?? [],
  );
  const texts = [...new Set(folders)].map(licensesOf).sort();
  return [...new Set(texts)].join('\n\n');
}

function licensesOf(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => /licen[sc]e|notice/i.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  // The package @vscode/l10n names its license and its author, and leaves the text out.
  if (files.length === 0 && license === 'MIT' && author) texts.push(mitLicense(author.name ?? author));
  if (texts.length === 0) throw new Error(`${name} has no license file`);
  return [`==== ${name} ${version} (${license}) ====`, ...texts].join('\n\n');
}

function mitLicense(author) {
  const own = readFileSync(join(server, '../LICENSE'), 'utf8').trim();
  return own.replace(/^Copyright .*$/m, `Copyright (c) ${author}`);
}
