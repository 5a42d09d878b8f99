// The TypeScript program of a site, asked in places of its pages instead of places of their modules.

import type { LanguageServer, LanguageServiceContext } from '@volar/language-server';
import type * as ts from 'typescript';
import type { Provide } from 'volar-service-typescript';
import { URI } from 'vscode-uri';
import { PageCode } from './page-code';
import { type NewTypeError, RenamedTypes } from './renamed-types';
import { type SchemaField, schemaFields } from './schema-fields';
import type { FileRange } from './site-text';

/** A field of a schema, with its places in pages and modules. */
export interface DeclaredField {
  readonly name: string;
  readonly declared: readonly FileRange[];
}

/** A place that TypeScript renames, with the texts around the new name. */
export interface TypedPlace extends FileRange {
  readonly prefix: string;
  readonly suffix: string;
}

const renamed = new WeakMap<LanguageServiceContext, RenamedTypes>();

const PREFERENCES = { providePrefixAndSuffixTextForRename: true };

/** The types of one site. */
export class TypedSite {
  readonly #server: LanguageServer;
  readonly #context: LanguageServiceContext;

  constructor(server: LanguageServer, context: LanguageServiceContext) {
    this.#server = server;
    this.#context = context;
  }

  get service(): ts.LanguageService | undefined {
    return this.#context.inject<Provide, 'typescript/languageService'>('typescript/languageService');
  }

  /** The fields that a call of Form reads; undefined if they are not known. */
  async fieldsOf(call: {
    readonly file: string;
    readonly start: number;
  }): Promise<readonly DeclaredField[] | undefined> {
    await this.add(call.file);
    const program = this.service?.getProgram();
    const start = this.moduleOffset(call.file, call.start);
    if (program === undefined || start === undefined) return undefined;
    const fields = schemaFields(program, asModule(call.file), start);
    return fields?.map((field) => this.#inPages(field));
  }

  /** The places that TypeScript renames together with an offset of a page or module. */
  renamePlaces(file: string, offset: number): TypedPlace[] {
    return this.#renameLocations(file, offset).flatMap(({ place, prefixText, suffixText }) =>
      place === undefined ? [] : [{ ...place, prefix: prefixText ?? '', suffix: suffixText ?? '' }],
    );
  }

  /** Whether a place that TypeScript renames together with an offset stands in code that the compiler added. */
  isDeclaredByCompiler(file: string, offset: number): boolean {
    return this.#renameLocations(file, offset).some(({ place }) => place === undefined);
  }

  #renameLocations(file: string, offset: number): (ts.RenameLocation & { place: FileRange | undefined })[] {
    const at = this.pageOf(file) === undefined ? offset : this.moduleOffset(file, offset);
    if (at === undefined) return [];
    const found = this.service?.findRenameLocations(asModule(file), at, false, false, PREFERENCES) ?? [];
    return found.map((location) => {
      const { start, length } = location.textSpan;
      return { ...location, place: this.placeOf(location.fileName, start, start + length) };
    });
  }

  /** The errors of types that new texts of files would bring in these and in the files that depend on them. */
  newErrors(
    texts: ReadonlyMap<string, string>,
    users: readonly string[],
    from: string,
    to: string,
  ): NewTypeError[] {
    const { service } = this;
    if (service === undefined) return [];
    const known = renamed.get(this.#context) ?? new RenamedTypes(this.#context);
    renamed.set(this.#context, known);
    const codes = [...texts].map(([file, text]) => [asModule(file), this.#moduleCode(file, text)] as const);
    const comparable = (text: string) => text.replaceAll(to, from);
    return known.newErrors(service, new Map(codes), users.map(asModule), comparable);
  }

  #moduleCode(file: string, text: string): string {
    const page = this.pageOf(file);
    return page === undefined ? text : page.engine.moduleOfPage(page.site, file, text, undefined).code;
  }

  /** Makes a file part of the program. */
  async add(file: string): Promise<void> {
    await this.#server.project.getLanguageService(URI.file(file));
  }

  /** The range of a file of the program in the page, or in the module itself; undefined for code that the compiler added. */
  placeOf(fileName: string, start: number, end: number): FileRange | undefined {
    const file = URI.file(fileName).fsPath;
    const page = this.pageOf(file);
    if (page === undefined) return { file, start, end };
    const piece = page.module.pieces.find(
      ({ generated, length }) => generated <= start && end <= generated + length,
    );
    if (piece === undefined) return undefined;
    const shift = piece.source - piece.generated;
    return { file, start: start + shift, end: end + shift };
  }

  /** The offset in the module of a page. */
  moduleOffset(file: string, offset: number): number | undefined {
    const pieces = this.pageOf(file)?.module.pieces;
    const piece = pieces?.find(({ source, length }) => source <= offset && offset < source + length);
    return piece && piece.generated + offset - piece.source;
  }

  pageOf(file: string): PageCode | undefined {
    const root = this.#context.language.scripts.get(URI.file(file))?.generated?.root;
    return root instanceof PageCode ? root : undefined;
  }

  #inPages({ name, declared }: SchemaField): DeclaredField {
    const places = declared.map(({ fileName, start, end }) => this.placeOf(fileName, start, end));
    return { name, declared: places.filter((place) => place !== undefined) };
  }
}

/** The name of a file in the program. */
function asModule(file: string): string {
  return file.replaceAll('\\', '/');
}
