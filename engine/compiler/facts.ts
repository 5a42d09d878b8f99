// The facts that the compiler gives to the other layers, which do not read the source of a page themselves.

import type { Warning } from '../diagnostics/problem.ts';
import type { SessionNeed } from '../runtime/page-types.ts';
import type { PageKind } from './page-kind.ts';

/** A module in an import declaration or in `export … from`. */
export interface ImportFact {
  readonly specifier: string;
  /** The exports that the source names; `default` is one. */
  readonly names: readonly string[];
  readonly line: number;
  readonly column: number;
}

/** A position in a page, counted from 1. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
}

/** An Include, Layout or Render with a literal path. */
export interface IncludeFact extends SourcePlace {
  readonly path: string;
  /** The offset of the call. */
  readonly start: number;
  readonly awaited: boolean;
  /** Whether the function that prints its children is asynchronous. */
  readonly async_children: boolean;
}

/** A member of PARAMS that a page reads by its name. */
export interface ParamFact extends SourcePlace {
  readonly name: string;
}

/** A form that is, or may be, sent by POST. */
export interface PostFormFact {
  /** The action as written; '' without one, undefined if code computes it or a part of it. */
  readonly action: string | undefined;
}

/** The facts of one page. */
export interface PageFacts {
  readonly kind: PageKind;
  readonly async: boolean;
  /** The need of the page's own code, without the pages that it includes. */
  readonly session: SessionNeed;
  /** Whether the page distinguishes request methods. If not, it does not run for OPTIONS. */
  readonly asks_method: boolean;
  /** Whether the page uses Form. */
  readonly has_form: boolean;
  /** The names of the form fields that the page reads as `_name`, without the underscore. */
  readonly fields: readonly string[];
  /** The names of the fields that the page shows as `<input type="password">`, as far as they are literal. */
  readonly passwords: readonly string[];
  readonly imports: readonly ImportFact[];
  readonly includes: readonly IncludeFact[];
  readonly layouts: readonly IncludeFact[];
  /** The inner pages, which Render() runs. */
  readonly renders: readonly IncludeFact[];
  /** The first use of CONTENT; undefined without one. */
  readonly content: SourcePlace | undefined;
  /** The first use of SECTION; undefined without one. Only layouts use these two names. */
  readonly section: SourcePlace | undefined;
  readonly params: readonly ParamFact[];
  /** The first use of Once; undefined without one. */
  readonly once: SourcePlace | undefined;
  /** The forms in the page's text that are, or may be, sent by POST. */
  readonly post_forms: readonly PostFormFact[];
  readonly warnings: readonly Warning[];
}

/**
 * The origin of a range of generated code: the `length` characters at `generated` are those at `source`. Pieces are
 * sorted by `generated`; the code between two pieces is added by the compiler. A piece of length 0 gives the source
 * position of the added code behind it. Without one, that position is the end of the piece before.
 */
export interface Piece {
  readonly generated: number;
  readonly source: number;
  readonly length: number;
}
