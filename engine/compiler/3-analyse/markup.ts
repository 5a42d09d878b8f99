// The tags of a page in the order of its source, as an HTML tokenizer reads them with the code left out. Branches and loops are not
// followed: flow/ knows in which context each output is printed, and this file which tag surrounds it.

import { type Token, Tokenizer, TokenizerMode } from 'parse5';
import type { Segment } from '../1-scan/segments.ts';

/** An attribute of a tag. */
export interface MarkupAttribute {
  readonly name: string;
  /** The value, with character references decoded; undefined where code computes it, or a part of it. */
  readonly value: string | undefined;
  readonly start: number;
  readonly end: number;
}

/** A start or end tag. */
export interface MarkupTag {
  readonly kind: 'start' | 'end';
  /** In lower case. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Of several attributes with one name, the first. */
  readonly attributes: readonly MarkupAttribute[];
}

/** Stands for each character of code. No text has this character: Unicode reserves it for uses inside of programs. */
const CODE = '\uFDD0';
const CODES = /\uFDD0+/g;

/** Elements whose content has no tags (HTML, 13.2.6.4). */
export const CONTENT_MODES: Readonly<Record<string, Tokenizer['state']>> = {
  textarea: TokenizerMode.RCDATA,
  title: TokenizerMode.RCDATA,
  style: TokenizerMode.RAWTEXT,
  xmp: TokenizerMode.RAWTEXT,
  iframe: TokenizerMode.RAWTEXT,
  noembed: TokenizerMode.RAWTEXT,
  noframes: TokenizerMode.RAWTEXT,
  script: TokenizerMode.SCRIPT_DATA,
  plaintext: TokenizerMode.PLAINTEXT,
};

/** The tags of a page. */
export function markupOf(source: string, segments: readonly Segment[]): MarkupTag[] {
  const tags: MarkupTag[] = [];
  const ignore = () => {};
  const tokenizer = new Tokenizer(
    { sourceCodeLocationInfo: true },
    {
      onStartTag(token) {
        tags.push(tagOf(token, 'start'));
        tokenizer.state = CONTENT_MODES[token.tagName] ?? TokenizerMode.DATA;
      },
      onEndTag: (token) => void tags.push(tagOf(token, 'end')),
      onComment: ignore,
      onDoctype: ignore,
      onEof: ignore,
      onCharacter: ignore,
      onNullCharacter: ignore,
      onWhitespaceCharacter: ignore,
    },
  );
  tokenizer.write(withoutCode(source, segments), true);
  return tags;
}

/** The page's texts at their own offsets. */
function withoutCode(source: string, segments: readonly Segment[]): string {
  return segments
    .map(({ kind, start, end }) => (kind === 'text' ? source.slice(start, end) : CODE.repeat(end - start)))
    .join('');
}

function tagOf({ tagName, attrs, location }: Token.TagToken, kind: MarkupTag['kind']): MarkupTag {
  const attributes = attrs.flatMap(({ name, value }): MarkupAttribute[] => {
    const place = location?.attrs?.[name];
    const written = name.replace(CODES, '');
    if (written === '' || place === undefined) return [];
    const literal = value.includes(CODE) ? undefined : value;
    return [{ name: written, value: literal, start: place.startOffset, end: place.endOffset }];
  });
  const { startOffset: start = 0, endOffset: end = 0 } = location ?? {};
  return { kind, name: tagName.replace(CODES, ''), start, end, attributes };
}
