// A page as the editor's grammar colours it: tokens with their scopes, and the kind of each character. The grammars of
// HTML, TypeScript, JavaScript and CSS are those of VS Code (package tm-grammars); only the grammar of pages is from
// this repository.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import oniguruma from 'vscode-oniguruma';
import textmate, { type IGrammar, type IToken } from 'vscode-textmate';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The file of each language's grammar. */
const GRAMMARS: Readonly<Record<string, string>> = {
  'text.html.pih': `${root}editors/vscode/syntaxes/pih.tmLanguage.json`,
  'text.html.basic': require.resolve('tm-grammars/grammars/html.json'),
  'source.ts': require.resolve('tm-grammars/grammars/typescript.json'),
  'source.js': require.resolve('tm-grammars/grammars/javascript.json'),
  'source.css': require.resolve('tm-grammars/grammars/css.json'),
};

/**
 * The kind of a character of a page: printed text, a delimiter of a tag, code between two delimiters, or a page
 * comment.
 */
export type Part = 'text' | 'tag' | 'code' | 'comment';

/** A piece of a line. */
export interface PageToken {
  readonly text: string;
  /** The scopes without the grammar's own `text.html.pih`. */
  readonly scopes: readonly string[];
}

/** The grammar of pages, ready to tokenise. */
export async function pageGrammar(): Promise<IGrammar> {
  await oniguruma.loadWASM(readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm')));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scope) => {
      const file = GRAMMARS[scope];
      return file === undefined ? null : textmate.parseRawGrammar(readFileSync(file, 'utf8'), file);
    },
  });
  const grammar = await registry.loadGrammar('text.html.pih');
  if (grammar === null) throw new Error('the grammar of pages does not load');
  return grammar;
}

/** Every token of a page, line by line, without line breaks. */
export function tokensOf(grammar: IGrammar, page: string): PageToken[] {
  return tokenLines(grammar, page).flatMap(({ line, tokens }) =>
    tokens.map(({ startIndex, endIndex, scopes }) => ({
      text: line.slice(startIndex, endIndex),
      scopes: scopes.slice(1),
    })),
  );
}

/** The kind that the grammar gives to each character, without line breaks. */
export function partsOf(grammar: IGrammar, page: string): Part[] {
  return tokensOf(grammar, page).flatMap(({ text, scopes }) => Array<Part>(text.length).fill(partOf(scopes)));
}

/** The innermost of block, island and comment decides. */
function partOf(scopes: readonly string[]): Part {
  for (const scope of scopes.toReversed()) {
    if (scope.startsWith('punctuation.section.embedded.') && scope.endsWith('.pih')) return 'tag';
    if (scope === 'comment.block.pih') return 'comment';
    if (scope === 'meta.embedded.block.pih') return 'code';
    if (scope === 'meta.island.pih') return 'text';
  }
  return 'text';
}

function tokenLines(grammar: IGrammar, page: string): { line: string; tokens: IToken[] }[] {
  let state = textmate.INITIAL;
  return page.split(/\r?\n/).map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return { line, tokens };
  });
}
