// What the compiler finds out about a page; all that the other layers need to know of its source.

import type { Warning } from '../diagnostics/problem.ts';
import type { SessionNeed } from '../runtime/page-types.ts';

/** A module that is imported by a declaration, or of which something is exported again. */
export interface ImportFact {
  readonly specifier: string;
  /** The exports that are asked for by name; `default` is one. */
  readonly names: readonly string[];
  readonly line: number;
  readonly column: number;
}

/** Where something stands in a page. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
}

/** An Include or Layout with a literal path. */
export interface IncludeFact extends SourcePlace {
  readonly path: string;
  readonly awaited: boolean;
}

/** A member of PARAMS that a page reads by its name. */
export interface ParamFact extends SourcePlace {
  readonly name: string;
}

/** The facts of one page. */
export interface PageFacts {
  readonly async: boolean;
  /** What this page's own Session calls need. */
  readonly session: SessionNeed;
  /** Whether it tells request methods apart; one that does not is not run for OPTIONS. */
  readonly asks_method: boolean;
  /** The `_names` that it reads, without the underscore. */
  readonly fields: readonly string[];
  readonly imports: readonly ImportFact[];
  readonly includes: readonly IncludeFact[];
  readonly layouts: readonly IncludeFact[];
  /** Where it first names CONTENT; undefined when it does not. */
  readonly content: SourcePlace | undefined;
  /** Where it first names SECTION. Only a layout has either. */
  readonly section: SourcePlace | undefined;
  readonly params: readonly ParamFact[];
  readonly warnings: readonly Warning[];
}

/**
 * Where a piece of generated code comes from: `length` characters at `generated` are those at `source`.
 * Sorted by `generated`; what lies between two pieces is the compiler's own. A piece of length 0 says to which place the
 * compiler's own code behind it belongs; without one, that is where the piece before it ends.
 */
export interface Piece {
  readonly generated: number;
  readonly source: number;
  readonly length: number;
}
