// Completion of names and paths of the site, beside that of TypeScript and HTML.

import type { LanguageServer, LanguageServicePlugin } from '@volar/language-server';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { codePlace } from './code-place';
import { htmlPlace } from './html-place';
import { completionItem, type OfferedText } from './offered-items';
import { fieldNameItems, nameItems, type SchemaFieldsOf } from './offered-name-items';
import { partItems, urlItems } from './offered-path-items';
import type { Place } from './offered-place';
import { type PageCode, pageOf } from './page-code';
import { PageProgram } from './page-program';
import { type SiteMap, siteMapOf } from './site-map';

/**
 * An answer waits so many milliseconds for the rest of the site, and then is made of the pages that have been read. Once all have
 * been read, only a change of a part of many pages takes that long, and the answer is made of the pages as they were.
 */
const FIRST_LIMIT = 1000;
const LIMIT = 400;

export function siteCompletion(server: LanguageServer): LanguageServicePlugin {
  return {
    name: 'karrigell-completion',
    capabilities: { completionProvider: { triggerCharacters: ['"', "'", '`', '/', '.', '#', '='] } },
    create(context) {
      const program = new PageProgram(context);
      const { completionItem: abilities } = context.env.clientCapabilities?.textDocument?.completion ?? {};
      const hasSnippets = abilities?.snippetSupport === true;
      return {
        isAdditionalCompletion: true,
        async provideCompletionItems(document, position) {
          const page = pageOf(document, context);
          if (page?.engine.EditedSiteMap === undefined) return undefined;
          const map = siteMapOf(page, context, server.documents);
          const place = placeAt(page, document, document.offsetAt(position), program);
          if (place === undefined) return undefined;
          // Names of files need no reading, but the rest of the site is read in the meantime.
          const isPath = place.kind === 'url' || place.kind === 'part';
          const isComplete = await map.update(isPath ? 0 : map.wasRead ? LIMIT : FIRST_LIMIT);
          const texts = await offeredAt(place, page, map, (file, start) =>
            program.schemaFields(file, start, server),
          );
          const items = { document, needsQuotes: false, hasSnippets, ...place };
          return {
            isIncomplete: !isComplete && !isPath,
            items: texts.map((offered) => completionItem(offered, items)),
          };
        },
      };
    },
  };
}

function placeAt(
  page: PageCode,
  document: TextDocument,
  offset: number,
  program: PageProgram,
): Place | undefined {
  if (document.languageId === 'html') return htmlPlace(page, document, offset);
  const module = document.languageId === 'typescript' ? program.moduleOf(page, document.uri) : undefined;
  return module && codePlace(module, offset);
}

async function offeredAt(
  place: Place,
  page: PageCode,
  map: SiteMap,
  schemaFields: SchemaFieldsOf,
): Promise<OfferedText[]> {
  switch (place.kind) {
    case 'url':
      return urlItems(place, page, map);
    case 'part':
      return partItems(place, page, map);
    case 'field-name':
      return fieldNameItems(place, page, map, schemaFields);
    default:
      return nameItems(place, page, map);
  }
}
