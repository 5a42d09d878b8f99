// The first two phases of the compiler and the names of the page, which compilation, the type check and the outline share.

import { Problem } from '../diagnostics/problem.ts';
import { type Overlay, overlay } from './1-scan/overlay.ts';
import { type Segment, scan } from './1-scan/segments.ts';
import { type ParsedSource, parseTypeScript } from './2-parse/index.ts';
import { type ResolvedNames, resolvedNames } from './3-analyse/resolved-names.ts';
import { withinStack } from './nesting-depth.ts';
import { inTermsOfPage } from './page-syntax.ts';

/** A page that parses. */
export interface ParsedPage extends ParsedSource {
  readonly source: string;
  /** The name of the page in errors. */
  readonly file: string;
  readonly segments: readonly Segment[];
  readonly overlay: Overlay;
  readonly names: ResolvedNames;
}

/** @throws Problem for a page that does not parse */
export function parsePage(source: string, file: string): ParsedPage {
  const segments = scan(source, file);
  const layer = overlay(source, segments);
  const parsed = parsedOverlay(layer, { source, file, segments });
  const names = withinStack(parsed.typed, { source, file }, () => resolvedNames(parsed.tree, source, file));
  return { ...parsed, source, file, segments, overlay: layer, names };
}

function parsedOverlay(
  { code }: Overlay,
  page: Pick<ParsedPage, 'source' | 'file' | 'segments'>,
): ParsedSource {
  try {
    return parseTypeScript(code, { file: page.file, page: true });
  } catch (error) {
    throw error instanceof Problem ? inTermsOfPage(error, page) : error;
  }
}
