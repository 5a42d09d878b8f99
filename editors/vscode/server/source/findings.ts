// The errors and warnings of a page: compiler findings, and findings of TypeScript in the words of `karrigell check`.

import { dirname } from 'node:path';
import type { Diagnostic, LanguageServicePlugin } from '@volar/language-server';
import { DiagnosticSeverity } from '@volar/language-server';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import { engineFor } from './engine';
import { type PageCode, pageOf } from './page-code';

/** The compiler's errors and warnings. */
export function compilerFindings(): LanguageServicePlugin {
  return {
    name: 'karrigell',
    capabilities: { diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: false } },
    create: (context) => ({
      async provideDiagnostics(document) {
        if (document.languageId !== 'pih') return [];
        const page = pageOf(document, context);
        if (page === undefined) {
          const isInstalled = (await engineFor(dirname(URI.parse(document.uri).fsPath))) !== undefined;
          return isInstalled ? [] : [diagnostic(NOT_INSTALLED, DiagnosticSeverity.Information, document)];
        }
        const { problems, warnings } = page.engine.findingsOf(page.site, page.file, page.source);
        return [
          ...problems.map((problem) => diagnostic(problem, DiagnosticSeverity.Error, document)),
          ...warnings.map((warning) => diagnostic(warning, DiagnosticSeverity.Warning, document)),
        ];
      },
    }),
  };
}

const NOT_INSTALLED: Finding = {
  code: 'not-installed',
  text: 'karrigell is not installed here, so nothing in the blocks is checked',
  remedy: 'Run: npm install karrigell',
};

interface Finding {
  readonly code: string;
  readonly text: string;
  readonly remedy: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** A finding has no length: the word at its place is marked, or one character. */
function diagnostic(
  { code, text, remedy, line = 1, column = 1 }: Finding,
  severity: DiagnosticSeverity,
  document: TextDocument,
): Diagnostic {
  const start = { line: line - 1, character: column - 1 };
  const offset = document.offsetAt(start);
  const word = /^[\w$]+/.exec(document.getText().slice(offset, offset + 100))?.[0] ?? ' ';
  const end = { line: start.line, character: start.character + word.length };
  return { range: { start, end }, severity, code, source: 'karrigell', message: `${text}\n${remedy}` };
}

/** TypeScript's own service, whose errors say what to do about them. */
export function withRemedies(service: LanguageServicePlugin): LanguageServicePlugin {
  return {
    ...service,
    create(context) {
      const instance = service.create(context);
      return {
        ...instance,
        async provideDiagnostics(document, token) {
          const found = (await instance.provideDiagnostics?.(document, token)) ?? [];
          const page = pageOf(document, context);
          return page === undefined ? found : found.map((entry) => withRemedy(entry, page));
        },
      };
    },
  };
}

function withRemedy(entry: Diagnostic, { engine }: PageCode): Diagnostic {
  if (entry.severity !== DiagnosticSeverity.Error || typeof entry.message !== 'string') return entry;
  const { text, remedy } = engine.remedyFor({ code: `TS${entry.code}`, text: entry.message });
  return { ...entry, message: `${text}\n${remedy}` };
}
