// The first two phases of the compiler, which compilation and type-checking share.

import { Problem } from '../diagnostics/problem.ts';
import { type Overlay, overlay } from './1-scan/overlay.ts';
import { type Segment, scan } from './1-scan/segments.ts';
import { type ParsedSource, parseTypeScript } from './2-parse/index.ts';
import { inTermsOfPage } from './page-syntax.ts';

/** A page that parses. */
export interface ParsedPage extends ParsedSource {
  readonly source: string;
  /** The name of the page in errors. */
  readonly file: string;
  readonly segments: readonly Segment[];
  readonly overlay: Overlay;
}

/** @throws Problem for a page that does not parse */
export function parsePage(source: string, file: string): ParsedPage {
  const segments = scan(source, file);
  const layer = overlay(source, segments);
  try {
    const parsed = parseTypeScript(layer.code, { file, page: true });
    return { ...parsed, source, file, segments, overlay: layer };
  } catch (error) {
    throw error instanceof Problem ? inTermsOfPage(error, { source, file, segments }) : error;
  }
}
