// Packs the extension into editors/karrigell-pages.vsix: the `files` of its package.json, its README and its LICENSE, with the
// version of karrigell. A VSIX is a zip with two descriptions of its content. @vscode/vsce writes the same, but installs 250
// packages for that, one of which runs an install script.

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';

const folder = fileURLToPath(new URL('../../', import.meta.url));
const { version } = JSON.parse(readFileSync(join(folder, '../../package.json'), 'utf8'));
const {
  private: _,
  scripts,
  files,
  ...manifest
} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** Content types of file name endings; others are text. */
const TYPES = {
  '.json': 'application/json',
  '.js': 'application/javascript',
  '.md': 'text/markdown',
  '.vsixmanifest': 'text/xml',
};

const names = ['README.md', 'LICENSE', ...files].flatMap(filesIn);
const archive = {
  '[Content_Types].xml': Buffer.from(contentTypes()),
  'extension.vsixmanifest': Buffer.from(vsixManifest()),
  'extension/package.json': Buffer.from(JSON.stringify({ ...manifest, version }, null, 2)),
  ...Object.fromEntries(names.map((name) => [entryOf(name), readFileSync(join(folder, name))])),
};
const zip = zipSync(archive, { level: 9, mtime: new Date(1980, 0, 1) });
writeFileSync(join(folder, '../karrigell-pages.vsix'), zip);

/** The files of a folder, or this file itself. Source maps stay in the repository. */
function filesIn(name) {
  const path = join(folder, name);
  if (!statSync(path).isDirectory()) return name.endsWith('.map') ? [] : [name];
  return readdirSync(path)
    .sort()
    .flatMap((each) => filesIn(`${name}/${each}`));
}

/** LICENSE gets an ending, because a VSIX gives every ending a type. */
function entryOf(name) {
  return `extension/${name === 'LICENSE' ? 'LICENSE.txt' : name}`;
}

function contentTypes() {
  const endings = new Set(['.json', '.vsixmanifest', ...names.map((name) => extname(entryOf(name)))]);
  const types = [...endings].map(
    (ending) => `  <Default Extension="${ending}" ContentType="${TYPES[ending] ?? 'text/plain'}"/>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
${types.join('\n')}
</Types>
`;
}

function vsixManifest() {
  const { name, publisher, displayName, description, keywords, categories, engines } = manifest;
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${name}" Version="${version}" Publisher="${publisher}"/>
    <DisplayName>${displayName}</DisplayName>
    <Description xml:space="preserve">${description}</Description>
    <Tags>${keywords.join(',')}</Tags>
    <Categories>${categories.join(',')}</Categories>
    <GalleryFlags>Public</GalleryFlags>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${engines.vscode}"/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="workspace"/>
      <Property Id="Microsoft.VisualStudio.Code.ExecutesCode" Value="true"/>
    </Properties>
    <License>extension/LICENSE.txt</License>
  </Metadata>
  <Installation>
    <InstallationTarget Id="Microsoft.VisualStudio.Code"/>
  </Installation>
  <Dependencies/>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/README.md" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.License" Path="extension/LICENSE.txt" Addressable="true"/>
  </Assets>
</PackageManifest>
`;
}
