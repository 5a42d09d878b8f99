// What is wrong in a page: the compiler's own findings, and TypeScript's in the words of `karrigell check`.

import type { Diagnostic, LanguageServiceContext, LanguageServicePlugin } from '@volar/language-server';
import { DiagnosticSeverity } from '@volar/language-server';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import { PageCode } from './page-code';

/** The compiler's errors and warnings. */
export function compilerFindings(): LanguageServicePlugin {
  return {
    name: 'karrigell',
    capabilities: { diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: false } },
    create: (context) => ({
      provideDiagnostics(document) {
        if (document.languageId !== 'pih') return [];
        const page = pageOf(document, context);
        if (page === undefined) return [diagnostic(NOT_INSTALLED, DiagnosticSeverity.Information, document)];
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

/** The page that a document is, or that it is the module of. */
function pageOf(document: TextDocument, context: LanguageServiceContext): PageCode | undefined {
  const uri = URI.parse(document.uri);
  const [source] = context.decodeEmbeddedDocumentUri(uri) ?? [uri];
  const root = context.language.scripts.get(source)?.generated?.root;
  return root instanceof PageCode ? root : undefined;
}
