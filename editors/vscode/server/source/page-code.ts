// A page for Volar: its text, with the typed module that the engine makes of it embedded. A
// message about the module is shown in the page, at the code of the page that the module has taken over.

import type { CodeInformation, CodeMapping, IScriptSnapshot, VirtualCode } from '@volar/language-core';
import type { LanguageServiceContext } from '@volar/language-server';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import type { Engine } from './engine';
import { htmlCode } from './html-code';

type EditedPage = ReturnType<Engine['moduleOfPage']>;
type Site = ReturnType<Engine['siteOf']>;

/** The services that use the code of the module. While the page does not compile, errors of types mean nothing. */
function information(complete: boolean): CodeInformation {
  return { verification: complete, completion: true, semantic: true, navigation: true, structure: true };
}

/** The page itself, on which only the compiler has something to say. */
export class PageCode implements VirtualCode {
  readonly id = 'root';
  readonly languageId = 'pih';
  readonly snapshot: IScriptSnapshot;
  readonly mappings: CodeMapping[];
  readonly embeddedCodes: VirtualCode[];
  readonly engine: Engine;
  /** Absolute path. */
  readonly file: string;
  readonly site: Site;
  readonly module: EditedPage;

  constructor(engine: Engine, site: Site, file: string, snapshot: IScriptSnapshot, module: EditedPage) {
    const source = textOf(snapshot);
    this.engine = engine;
    this.site = site;
    this.file = file;
    this.snapshot = snapshot;
    this.module = module;
    this.mappings = [mapping(0, source.length, 0, source.length, { verification: true, navigation: true })];
    const html = htmlCode(source, module);
    this.embeddedCodes = html === undefined ? [moduleCode(module)] : [moduleCode(module), html];
  }

  get source(): string {
    return textOf(this.snapshot);
  }
}

/** The page that a document is, or that it is the module or the HTML of. */
export function pageOf(document: TextDocument, context: LanguageServiceContext): PageCode | undefined {
  const uri = URI.parse(document.uri);
  const [source] = context.decodeEmbeddedDocumentUri(uri) ?? [uri];
  const root = context.language.scripts.get(source)?.generated?.root;
  return root instanceof PageCode ? root : undefined;
}

/** The name of the embedded module. */
export const MODULE = 'module';

function moduleCode({ code, pieces, outputs, complete }: EditedPage): VirtualCode {
  const data = information(complete);
  return {
    id: MODULE,
    languageId: 'typescript',
    snapshot: snapshotOf(code),
    mappings: [
      ...pieces.map(({ source, generated, length }) => mapping(source, length, generated, length, data)),
      ...outputs.map(({ source, sourceLength, generated, generatedLength }) =>
        mapping(source, sourceLength, generated, generatedLength, { verification: complete }),
      ),
    ],
  };
}

function mapping(
  source: number,
  sourceLength: number,
  generated: number,
  generatedLength: number,
  data: CodeInformation,
): CodeMapping {
  return {
    sourceOffsets: [source],
    lengths: [sourceLength],
    generatedOffsets: [generated],
    generatedLengths: [generatedLength],
    data,
  };
}

function textOf(snapshot: IScriptSnapshot): string {
  return snapshot.getText(0, snapshot.getLength());
}

function snapshotOf(text: string): IScriptSnapshot {
  return {
    getText: (start, end) => text.slice(start, end),
    getLength: () => text.length,
    getChangeRange: () => undefined,
  };
}
