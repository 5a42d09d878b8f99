// The TypeScript program of a site: the typed modules of its pages, and the schemas that they give to Form.

import type { LanguageServer, LanguageServiceContext } from '@volar/language-server';
import type * as ts from 'typescript';
import { URI } from 'vscode-uri';
import { PageCode } from './page-code';
import { callAt } from './schema-fields';

/** The typed module of a page in a program. */
export interface PageModule {
  readonly page: PageCode;
  readonly file: ts.SourceFile;
  readonly checker: ts.TypeChecker;
}

/** The part of the TypeScript plugin's interface that is used. */
interface TypeScriptProvide {
  'typescript/languageService': () => ts.LanguageService;
  'typescript/documentFileName': (uri: URI) => string;
}

/** The program of one site. */
export class PageProgram {
  readonly #context: LanguageServiceContext;

  constructor(context: LanguageServiceContext) {
    this.#context = context;
  }

  /** The module of a page. */
  moduleOf(page: PageCode, uri: string): PageModule | undefined {
    const service = this.#context.inject<TypeScriptProvide, 'typescript/languageService'>(
      'typescript/languageService',
    );
    const name = this.#context.inject<TypeScriptProvide, 'typescript/documentFileName'>(
      'typescript/documentFileName',
      URI.parse(uri),
    );
    const program = service?.getProgram();
    const file = name === undefined ? undefined : program?.getSourceFile(name);
    return file && program && { page, file, checker: program.getTypeChecker() };
  }

  /**
   * The names of the fields of a schema, as forms write them.
   * @param file the page, which need not be open
   * @param start the offset of the call of Form in the page
   */
  async schemaFields(file: string, start: number, { project }: LanguageServer): Promise<readonly string[]> {
    const uri = URI.file(file);
    await project.getLanguageService(uri);
    const page = this.#context.language.scripts.get(uri)?.generated?.root;
    const module = page instanceof PageCode ? this.moduleOf(page, uri.toString()) : undefined;
    return module === undefined ? [] : fieldsAt(start, module);
  }
}

function fieldsAt(start: number, { page, file, checker }: PageModule): readonly string[] {
  const piece = page.module.pieces.find(({ source, length }) => source <= start && start < source + length);
  const call = piece && callAt(file, piece.generated + start - piece.source);
  const form = call && checker.getAwaitedType(checker.getTypeAtLocation(call));
  const values = form?.getProperty('values');
  if (values === undefined || call === undefined) return [];
  const fields = checker.getTypeOfSymbolAtLocation(values, call).getProperties();
  return fields.map(({ name }) => name);
}
