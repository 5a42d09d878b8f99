// Pages as a language of Volar's: which files are pages, and that TypeScript sees the module in each.

import type { IScriptSnapshot, LanguagePlugin } from '@volar/language-core';
import '@volar/typescript';
import * as ts from 'typescript';
import type { URI } from 'vscode-uri';
import type { Engine } from './engine';
import type { Failures } from './failures';
import { MODULE, PageCode } from './page-code';

/** The module of a page that the engine failed at. */
const UNKNOWN = { code: '', pieces: [], outputs: [], texts: [], complete: false };

/** @param fileOf the absolute path of a document */
export function pageLanguage(
  engine: Engine,
  site: ReturnType<Engine['siteOf']>,
  fileOf: (uri: URI) => string,
  failures: Failures,
): LanguagePlugin<URI> {
  const pageCode = (uri: URI, snapshot: IScriptSnapshot, declarations = '') => {
    const file = fileOf(uri);
    const source = snapshot.getText(0, snapshot.getLength());
    const module = failures.attempt('the module of a page', () =>
      engine.moduleOfPage(site, file, source, declarations),
    );
    return new PageCode(engine, site, file, snapshot, module ?? { ...UNKNOWN, declarations });
  };
  return {
    getLanguageId: (uri) => (uri.path.endsWith('.pih') ? 'pih' : undefined),
    createVirtualCode: (uri, languageId, snapshot) =>
      languageId === 'pih' ? pageCode(uri, snapshot) : undefined,
    updateVirtualCode: (uri, before, snapshot) =>
      pageCode(uri, snapshot, before instanceof PageCode ? before.module.declarations : undefined),
    typescript: {
      extraFileExtensions: [{ extension: 'pih', isMixedContent: true, scriptKind: ts.ScriptKind.Deferred }],
      getServiceScript: (root) => {
        const code = root.embeddedCodes?.find(({ id }) => id === MODULE);
        return code && { code, extension: '.ts', scriptKind: ts.ScriptKind.TS };
      },
    },
  };
}
