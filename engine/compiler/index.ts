// Page source → segments → one TypeScript module → syntax tree → facts → JavaScript with its positions.
// Pure: it knows no files, no HTTP and no sessions.

import { Problem } from '../diagnostics/problem.ts';
import { overlay } from './1-scan/overlay.ts';
import { type Segment, scan } from './1-scan/segments.ts';
import { type ParsedSource, parseTypeScript } from './2-parse/index.ts';
import { analyse } from './3-analyse/index.ts';
import { emitPage } from './4-emit/page.ts';
import { withinStack } from './depth.ts';
import type { PageFacts, Piece } from './facts.ts';
import { rewriteImports } from './imports.ts';
import { inTermsOfPage } from './page-syntax.ts';

/** A compiled page. */
export interface CompiledPage {
  /** A function body that returns a factory `(kit, …modules) => function page(scope, ARGS, around)`. */
  readonly code: string;
  readonly facts: PageFacts;
  /** Where the page's own characters stand in the code. */
  readonly pieces: readonly Piece[];
  /** What each imported name is read as in the code. */
  readonly bindings: ReadonlyMap<string, string>;
}

/**
 * Compiles a page.
 * @param source the page's text
 * @param options.file the name that errors give
 * @throws Problem with file, line and column
 */
export function compilePage(source: string, options: { readonly file: string }): CompiledPage {
  const { file } = options;
  const segments = scan(source, file);
  const layer = overlay(source, segments);
  const { erased, tree, typed } = parsedOverlay(source, layer.code, segments, file);
  return withinStack(typed, { source, file }, () => {
    const analysis = analyse({ source, file, segments, overlay: layer, tree });
    const imports = rewriteImports({ ...analysis, file, erased, tree });
    const { code, pieces } = emitPage({
      source,
      erased,
      segments,
      overlay: layer,
      tree,
      analysis,
      imports,
    });
    const { bindings } = imports;
    return { code, facts: { ...analysis.facts, imports: imports.facts }, pieces, bindings };
  });
}

function parsedOverlay(
  source: string,
  code: string,
  segments: readonly Segment[],
  file: string,
): ParsedSource {
  try {
    return parseTypeScript(code, { file, page: true });
  } catch (error) {
    throw error instanceof Problem ? inTermsOfPage(error, { source, file, segments }) : error;
  }
}
