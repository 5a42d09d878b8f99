// The ranges of names and paths in a source. An offset from the map of a site is that of an identifier, a literal, or an attribute;
// the range holds the name alone, without quotes, `_` and `[]`.

/** A range of offsets. */
export interface OffsetRange {
  readonly start: number;
  readonly end: number;
}

/** A name in a source. */
export interface WrittenPlace {
  readonly name: string;
  readonly offset: number;
  /** Whether an attribute of a tag stands at the offset, if no literal does. */
  readonly isMarkup: boolean;
  readonly isInQuery: boolean;
}

/** The ranges of a name; none if the source does not spell it out. */
export function nameRanges(
  source: string,
  { name, offset, isMarkup, isInQuery }: WrittenPlace,
): OffsetRange[] {
  const value = isMarkup ? valueRange(source, offset) : literalRange(source, offset);
  if (value === undefined) return isMarkup ? [] : identifierRanges(source, offset, name);
  const text = source.slice(value.start, value.end);
  if (isInQuery) return queryRanges(text, value.start, name);
  return text === name || text === `${name}[]`
    ? [{ start: value.start, end: value.start + name.length }]
    : [];
}

function identifierRanges(source: string, offset: number, name: string): OffsetRange[] {
  const start = source.startsWith(`_${name}`, offset) ? offset + 1 : offset;
  const word = /^[\p{ID_Continue}$]+/u.exec(source.slice(start, start + LONGEST_NAME))?.[0];
  return word === name ? [{ start, end: start + name.length }] : [];
}

/** The names in the query of a URL. */
function queryRanges(url: string, at: number, name: string): OffsetRange[] {
  return [...url.matchAll(/(?:\?|&(?:amp;)?)([^=&#?]*)/g)]
    .filter(([, written]) => written === name || written === `${name}[]`)
    .map(({ index, 0: { length }, 1: written = '' }) => {
      const start = at + index + length - written.length;
      return { start, end: start + name.length };
    });
}

/** The range of the text of a literal; undefined for anything else. */
export function literalRange(source: string, offset: number): OffsetRange | undefined {
  const quote = source.charAt(offset);
  if (!QUOTES.has(quote)) return undefined;
  for (let at = offset + 1; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === quote) return { start: offset + 1, end: at };
  }
  return undefined;
}

/** The range of the value of an attribute, or of the literal that gives it. */
export function valueRange(source: string, offset: number): OffsetRange | undefined {
  const literal = literalRange(source, offset);
  if (literal !== undefined) return literal;
  const start = /^[^\s"'<>/=`]+\s*=\s*/.exec(source.slice(offset, offset + LONGEST_NAME));
  if (start === null) return undefined;
  const at = offset + start[0].length;
  const text = withoutCode(source, at);
  const quote = text.charAt(0);
  if (quote !== '"' && quote !== "'") return { start: at, end: at + (/[\s>]/.exec(text)?.index ?? 0) };
  const end = text.indexOf(quote, 1);
  return end === -1 ? undefined : { start: at + 1, end: at + end };
}

const QUOTES: ReadonlySet<string> = new Set(['"', "'", '`']);
const LONGEST_NAME = 200;
const LONGEST_VALUE = 5000;

/** The source with the code of tags blanked, since a quote or `>` in it ends no attribute. */
function withoutCode(source: string, start: number): string {
  const text = source.slice(start, start + LONGEST_VALUE);
  let blanked = '';
  for (let at = 0; ; ) {
    const open = text.indexOf('<%', at);
    const close = open === -1 ? -1 : text.indexOf('%>', open + 2);
    if (close === -1) return blanked + text.slice(at);
    blanked += text.slice(at, open) + '.'.repeat(close + 2 - open);
    at = close + 2;
  }
}
