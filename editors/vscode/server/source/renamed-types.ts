// The types of a site as they would be after edits, so that a renaming that would break one is refused.

import type { LanguageServiceContext } from '@volar/language-server';
import * as ts from 'typescript';

/** An error of types in a file, by its line from 1. */
export interface NewTypeError {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** A second service over the same files, some of which have other texts. */
export class RenamedTypes {
  readonly #service: ts.LanguageService;
  readonly #texts = new Map<string, string>();
  #version = 0;

  constructor(context: LanguageServiceContext) {
    const host = context.project.typescript?.languageServiceHost;
    if (host === undefined) throw new Error('the site has no TypeScript project');
    const renamed: ts.LanguageServiceHost = Object.assign(Object.create(host), {
      getProjectVersion: () => `${host.getProjectVersion?.()} ${this.#version}`,
      getScriptVersion: (file: string) =>
        this.#texts.has(file) ? `renamed ${this.#version}` : host.getScriptVersion(file),
      getScriptSnapshot: (file: string) => {
        const text = this.#texts.get(file);
        return text === undefined ? host.getScriptSnapshot(file) : ts.ScriptSnapshot.fromString(text);
      },
    });
    this.#service = ts.createLanguageService(renamed);
  }

  /**
   * The errors that texts would bring.
   * @param files the files to look at
   * @param comparable the text of an error in terms of the names before
   */
  newErrors(
    service: ts.LanguageService,
    texts: ReadonlyMap<string, string>,
    files: readonly string[],
    comparable: (text: string) => string,
  ): NewTypeError[] {
    const before = new Set(
      files.flatMap((file) => errorsIn(service, file)).map(({ file, text }) => file + text),
    );
    this.#texts.clear();
    for (const [file, text] of texts) this.#texts.set(file, text);
    this.#version++;
    const after = files.flatMap((file) => errorsIn(this.#service, file));
    this.#texts.clear();
    this.#version++;
    return after.filter(({ file, text }) => !before.has(file + comparable(text)));
  }
}

function errorsIn(service: ts.LanguageService, fileName: string): NewTypeError[] {
  if (service.getProgram()?.getSourceFile(fileName) === undefined) return [];
  return service
    .getSemanticDiagnostics(fileName)
    .filter(({ category }) => category === ts.DiagnosticCategory.Error)
    .map(({ file, start = 0, messageText }) => ({
      file: fileName,
      line: (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1,
      text: ts.flattenDiagnosticMessageText(messageText, ' '),
    }));
}
