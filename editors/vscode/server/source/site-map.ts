// The map of the site of a page, one for each open site. It reads the texts of open documents in place of files.

import type { LanguageServer, LanguageServiceContext } from '@volar/language-server';
import { URI } from 'vscode-uri';
import type { Engine } from './engine';
import type { PageCode } from './page-code';

export type SiteMap = InstanceType<Engine['EditedSiteMap']>;
export type OpenDocuments = LanguageServer['documents'];

const maps = new WeakMap<LanguageServiceContext, SiteMap>();

/** The map of the site of a page. */
export function siteMapOf(
  page: PageCode,
  context: LanguageServiceContext,
  documents: OpenDocuments,
): SiteMap {
  const known = maps.get(context);
  if (known !== undefined) return known;
  const map = new page.engine.EditedSiteMap(page.site, (file) => documents.get(URI.file(file))?.getText());
  context.env.onDidChangeWatchedFiles?.(() => map.diskChanged());
  maps.set(context, map);
  return map;
}
