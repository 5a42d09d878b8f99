// Page source → segments → one TypeScript module → syntax tree → facts → JavaScript with its positions. The compiler is
// pure: it does not access files, HTTP or sessions.

import { analyse } from './3-analyse/index.ts';
import { emitPage } from './4-emit/emit-page.ts';
import type { PageFacts, Piece } from './facts.ts';
import { withinStack } from './nesting-depth.ts';
import { pageKind } from './page-kind.ts';
import { type ParsedPage, parsePage } from './parsed-page.ts';
import { rewriteImports } from './rewrite-imports.ts';

/** A compiled page. */
export interface CompiledPage {
  /** A function body that returns a factory `(kit, …modules) => function page(scope, ARGS, around)`. */
  readonly code: string;
  readonly facts: PageFacts;
  /** The ranges of the page's own characters in the code. */
  readonly pieces: readonly Piece[];
  /** The expression that reads each imported name. */
  readonly bindings: ReadonlyMap<string, string>;
}

/** Options of `compilePage`. */
export interface PageCompileOptions {
  /** The name of the page in errors. Its ending tells the kind of the page. */
  readonly file: string;
  /** Whether the page is a guard, a `_before.pih`, which prints nothing. */
  readonly isGuard?: boolean;
  /** Called with the parsed page before the compiler checks its rules. */
  readonly onParsed?: ((page: ParsedPage) => void) | undefined;
}

/**
 * Compiles a page.
 * @param source the page's text
 * @throws Problem with file, line and column
 */
export function compilePage(
  source: string,
  { file, isGuard = false, onParsed }: PageCompileOptions,
): CompiledPage {
  const kind = pageKind(file);
  const page = parsePage(source, file);
  onParsed?.(page);
  return withinStack(page.typed, page, () => {
    const analysis = analyse({ ...page, isGuard }, kind);
    const imports = rewriteImports({ ...analysis, file, erased: page.erased, tree: page.tree });
    const { code, pieces } = emitPage({ ...page, analysis, imports });
    const { bindings } = imports;
    return { code, facts: { ...analysis.facts, imports: imports.facts }, pieces, bindings };
  });
}
