// A name of a file or folder that stands for many parts of URLs: `[id]`, `photo-[id]`, `[slug].txt`, `[...rest]`.

/** A name with one bracket, taken apart. */
export interface BracketedName {
  /** What PARAMS calls it. */
  readonly name: string;
  /** The literal text before and behind the bracket. */
  readonly prefix: string;
  readonly suffix: string;
  /** `[...name]`: any number of parts. */
  readonly rest: boolean;
}

const ONE_BRACKET = /^([^[\]]*)\[(\.\.\.)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\]([^[\]]*)$/u;

/** Takes a name (of a page: without its ending) apart; undefined for one that is literal, or whose bracket is wrong. */
export function bracketedName(text: string): BracketedName | undefined {
  const match = ONE_BRACKET.exec(text);
  if (match === null) return undefined;
  const [, prefix = '', dots, name = '', suffix = ''] = match;
  const rest = dots !== undefined;
  return rest && prefix + suffix !== '' ? undefined : { name, prefix, suffix, rest };
}

/** The part of a URL path without the literal text around the bracket; undefined where the text differs. */
export function bracketedValue({ prefix, suffix }: BracketedName, part: string): string | undefined {
  if (part.length <= prefix.length + suffix.length) return undefined;
  if (!part.startsWith(prefix) || !part.endsWith(suffix)) return undefined;
  return part.slice(prefix.length, part.length - suffix.length);
}

/** Sorts the name with more literal text to the front; `[...rest]` goes last. */
export function byLiteralText(a: BracketedName, b: BracketedName): number {
  if (a.rest !== b.rest) return a.rest ? 1 : -1;
  const [inA, inB] = [a.prefix.length + a.suffix.length, b.prefix.length + b.suffix.length];
  return inB - inA || b.prefix.length - a.prefix.length;
}

/** What is wrong with a name that has a bracket and cannot be taken apart. */
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
