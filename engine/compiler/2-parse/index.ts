// The second phase of the compiler: TypeScript → JavaScript of the same length, and its syntax tree. A page differs
// from a module only in that it may return and await outside of functions.

import { type Options, Parser, type Program } from 'acorn';
import { Lines } from '../../diagnostics/position.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { nestingProblem, withinStack } from '../nesting-depth.ts';
import { erase } from './erase.ts';
import { isNode, type SyntaxNode } from './syntax-nodes.ts';
import { inPlainWords, syntaxProblem } from './syntax-problem.ts';
import { ParserStackError, TypeScriptParser } from './typescript-parser.ts';

/** A parsed source. */
export interface ParsedSource {
  /** The source with its types blanked: same length, same line breaks. */
  readonly erased: string;
  /** Plain ESTree, without TypeScript nodes. Its offsets are those of the source. */
  readonly tree: Program;
  /** The tree of the source itself, with types. */
  readonly typed: SyntaxNode;
}

/** Options of `parseTypeScript`. */
export interface ParseOptions {
  /** The name of the source in Problems. */
  readonly file: string;
  /** Whether the source is a page, which may return and await outside of functions. */
  readonly page: boolean;
}

/**
 * Parses a source and erases its types.
 * @throws Problem `syntax`, `unclosed-bracket`, `unexpected-close`, `not-erasable`, `erased-syntax`
 */
export function parseTypeScript(source: string, options: ParseOptions): ParsedSource {
  const parserOptions: Options = {
    ecmaVersion: 'latest',
    sourceType: 'module',
    allowReturnOutsideFunction: options.page,
    allowAwaitOutsideFunction: true,
    allowHashBang: true,
  };
  const { file } = options;
  const program = parsedTypeScript(source, parserOptions, file);
  return withinStack(program, { source, file }, () => {
    const erased = erase(program, source, file);
    const tree = parsedJavaScript(erased, source, parserOptions, file);
    return { erased, tree, typed: program };
  });
}

function parsedTypeScript(source: string, options: Options, file: string): SyntaxNode {
  // The source is always parsed as TypeScript: `f<string>(x)` is valid JavaScript too, but with another meaning.
  try {
    const program: unknown = TypeScriptParser.parse(source, {
      ...options,
      locations: true,
      preserveParens: true,
    });
    if (isNode(program)) return program;
  } catch (error) {
    throw error instanceof ParserStackError
      ? nestingProblem({ source, file }, error.offset)
      : syntaxProblem(error, source, file);
  }
  throw new TypeError('the parser gave no tree');
}

/** An error of the second parse is a rule that the first parse does not check, or a fault of the erasure. */
function parsedJavaScript(erased: string, source: string, options: Options, file: string): Program {
  try {
    // Scope analysis reads `range`.
    return Parser.parse(erased, { ...options, ranges: true });
  } catch (error) {
    if (!(error instanceof SyntaxError && 'pos' in error && typeof error.pos === 'number')) throw error;
    const problem = inPlainWords(error.message.replace(/ \(\d+:\d+\)$/, ''), source, error.pos);
    const isRule = !error.message.startsWith('Unexpected token');
    const code = isRule ? 'syntax' : 'erased-syntax';
    throw new Problem(code, { params: { problem }, file, ...new Lines(source).at(error.pos) });
  }
}
