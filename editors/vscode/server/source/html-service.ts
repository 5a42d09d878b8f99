// Completion and hover of tags, attributes and their values in the HTML half of pages, by the service that VS Code itself has for
// HTML; and pairs of tags that are edited together. Paths are left to the site's own completion.

import type { LanguageServicePlugin } from '@volar/language-server';
import {
  type CompletionConfiguration,
  getLanguageService,
  type HoverSettings,
} from 'vscode-html-languageservice';
import type { TextDocument } from 'vscode-languageserver-textdocument';

/** HTML in pages. */
export function pageHtml(): LanguageServicePlugin {
  return {
    name: 'karrigell-html',
    capabilities: {
      completionProvider: { triggerCharacters: ['.', ':', '<', '"', '=', '/'] },
      hoverProvider: true,
      linkedEditingRangeProvider: true,
    },
    create({ env }) {
      const service = getLanguageService(
        env.clientCapabilities === undefined ? {} : { clientCapabilities: env.clientCapabilities },
      );
      const parsed = (document: TextDocument) => service.parseHTMLDocument(document);
      const isHtml = ({ languageId }: TextDocument) => languageId === 'html';
      return {
        async provideCompletionItems(document, position) {
          if (!isHtml(document)) return undefined;
          const settings = await env.getConfiguration?.<CompletionConfiguration>('html.completion');
          return service.doComplete(document, position, parsed(document), settings ?? undefined);
        },
        async provideHover(document, position) {
          if (!isHtml(document)) return undefined;
          const settings = await env.getConfiguration?.<HoverSettings>('html.hover');
          return service.doHover(document, position, parsed(document), settings ?? undefined);
        },
        provideLinkedEditingRanges(document, position) {
          if (!isHtml(document)) return undefined;
          const ranges = service.findLinkedEditingRanges(document, position, parsed(document));
          return ranges && { ranges };
        },
      };
    },
  };
}
