// Bracketed names of files and folders, which match many URL parts: `[id]`, `photo-[id]`, `[slug].txt`, `[...rest]`.

/** A parsed name with one bracket. */
export interface BracketedName {
  /** The name of the value in PARAMS. */
  readonly name: string;
  /** The literal text before the bracket. */
  readonly prefix: string;
  readonly suffix: string;
  /** True for `[...name]`, which matches any number of parts. */
  readonly rest: boolean;
}

const ONE_BRACKET = /^([^[\]]*)\[(\.\.\.)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\]([^[\]]*)$/u;

/**
 * Parses a name (for a page: without its ending). Returns undefined if the name is literal or its bracket is malformed.
 */
export function bracketedName(text: string): BracketedName | undefined {
  const match = ONE_BRACKET.exec(text);
  if (match === null) return undefined;
  const [, prefix = '', dots, name = '', suffix = ''] = match;
  const rest = dots !== undefined;
  return rest && prefix + suffix !== '' ? undefined : { name, prefix, suffix, rest };
}

/** The value of the bracket in a part of a URL path; undefined if the literal text around it differs. */
export function bracketedValue({ prefix, suffix }: BracketedName, part: string): string | undefined {
  if (part.length <= prefix.length + suffix.length) return undefined;
  if (!part.startsWith(prefix) || !part.endsWith(suffix)) return undefined;
  return part.slice(prefix.length, part.length - suffix.length);
}

/** Comparison for sorting: more literal text first, `[...rest]` last. */
export function byLiteralText(a: BracketedName, b: BracketedName): number {
  if (a.rest !== b.rest) return a.rest ? 1 : -1;
  const [inA, inB] = [a.prefix.length + a.suffix.length, b.prefix.length + b.suffix.length];
  return inB - inA || b.prefix.length - a.prefix.length;
}

/** Says why a name with a bracket cannot be parsed. */
export function bracketMistake(text: string): string {
  const opening = text.indexOf('[');
  const closing = text.indexOf(']', opening);
  if (closing === -1) return 'its bracket is not closed';
  const inside = text.slice(opening + 1, closing);
  if (text.indexOf('[', opening + 1) !== -1) return 'it has more than one bracket';
  if (inside.startsWith('...') && text.length > inside.length + 2)
    return `[${inside}] has other text around it`;
  return `${JSON.stringify(inside)} is no name`;
}
