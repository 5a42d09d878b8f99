// Pages as a language of Volar's: which files are pages, and that TypeScript sees the module in each.

import type { LanguagePlugin } from '@volar/language-core';
import '@volar/typescript';
import * as ts from 'typescript';
import type { URI } from 'vscode-uri';
import type { Engine } from './engine';
import { MODULE, PageCode } from './page-code';

/** @param fileOf the absolute path of a document */
export function pageLanguage(engine: Engine, fileOf: (uri: URI) => string): LanguagePlugin<URI> {
  return {
    getLanguageId: (uri) => (uri.path.endsWith('.pih') ? 'pih' : undefined),
    createVirtualCode: (uri, languageId, snapshot) =>
      languageId === 'pih' ? new PageCode(engine, fileOf(uri), snapshot, undefined) : undefined,
    updateVirtualCode: (uri, before, snapshot) =>
      new PageCode(engine, fileOf(uri), snapshot, before instanceof PageCode ? before : undefined),
    typescript: {
      extraFileExtensions: [{ extension: 'pih', isMixedContent: true, scriptKind: ts.ScriptKind.Deferred }],
      getServiceScript: (root) => {
        const code = root.embeddedCodes?.find(({ id }) => id === MODULE);
        return code && { code, extension: '.ts', scriptKind: ts.ScriptKind.TS };
      },
    },
  };
}
