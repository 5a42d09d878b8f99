// A page for Volar: its text, with the typed module that the engine makes of it embedded. What is said of the module is
// said of the page at the places where its own code stands.

import type { CodeInformation, CodeMapping, IScriptSnapshot, VirtualCode } from '@volar/language-core';
import type { Engine } from './engine';

type EditedPage = ReturnType<Engine['moduleOfPage']>;

/** What the module's code is good for; while the page does not compile, errors of types mean nothing. */
function information(complete: boolean): CodeInformation {
  return { verification: complete, completion: true, semantic: true, navigation: true };
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
  readonly site: ReturnType<Engine['siteOf']>;
  readonly module: EditedPage;

  constructor(engine: Engine, file: string, snapshot: IScriptSnapshot, before: PageCode | undefined) {
    const source = textOf(snapshot);
    this.engine = engine;
    this.file = file;
    this.site = engine.siteOf(file);
    this.snapshot = snapshot;
    this.mappings = [mapping(0, source.length, 0, source.length, { verification: true })];
    this.module = engine.moduleOfPage(this.site, file, source, before?.module.declarations);
    this.embeddedCodes = [moduleCode(this.module)];
  }

  get source(): string {
    return textOf(this.snapshot);
  }
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
