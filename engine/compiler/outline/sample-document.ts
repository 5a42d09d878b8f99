// Printed pieces → one HTML text with its tags, as parse5's tokenizer reads them. A value stands in a tag as one character of a
// private plane, so that its attribute is known to be computed; in text it stands for nothing.

import { type Token, Tokenizer, TokenizerMode } from 'parse5';
import { CONTENT_MODES } from '../3-analyse/markup.ts';
import type { OutlinedPage } from './outlined-source.ts';
import {
  concatenated,
  HOLE,
  literalPlace,
  type Possible,
  type SourceOffset,
  textsOf,
} from './possible-value.ts';
import type { PrintedPiece, PrintedValue } from './printed-piece.ts';
import { sourceOffset } from './printed-text.ts';

/** An attribute of a tag in a document. */
export interface DocumentAttribute {
  readonly name: string;
  /** The values that it may have, with holes. */
  readonly texts: readonly string[];
  readonly start: number;
  /** The literal that gives the whole value, where code prints it. */
  readonly literal: SourceOffset | undefined;
}

/** A tag of a document. Offsets are those of the document. */
export interface DocumentTag {
  readonly kind: 'start' | 'end';
  /** In lower case. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly isSelfClosing: boolean;
  readonly attributes: readonly DocumentAttribute[];
  /** The names of `form.attrs()` in the tag; undefined without. */
  readonly attrs: readonly string[] | undefined;
  /** The literal that gives the name to `form.attrs()`. */
  readonly attrsLiteral: SourceOffset | undefined;
  /** Whether code prints attributes that are not known. */
  readonly isOpen: boolean;
}

/** One sample of what a page prints. */
export interface SampleDocument {
  readonly html: string;
  readonly tags: readonly DocumentTag[];
  /** The values in text that may be markup, by their offset in the document. */
  readonly values: readonly { readonly at: number; readonly piece: PrintedValue }[];
  /** The page and the parts and layouts that it is printed with. */
  readonly pages: ReadonlySet<OutlinedPage>;
  /** The texts of scripts, and of the attributes that scripts are written in or read. */
  readonly scripts: string;
  /** Whether the tokenizer reports errors of its syntax. */
  readonly hasErrors: boolean;
  /** The position of an offset in the page that printed it. */
  placeAt(offset: number): { readonly piece: PrintedPiece; readonly offset: number } | undefined;
}

/** The attribute in the document that stands for the output of `form.attrs()`. */
const ATTRS = 'data-karrigell-attrs';
const FIRST_VALUE = 0xf0000;
const MOST_VALUES = 0xfff0;
const VALUES = /[\u{F0000}-\u{FFFFD}]/u;
const EACH_VALUE = /([\u{F0000}-\u{FFFFD}])/u;

/** Attributes with code of a script, or with data for one. */
const OF_SCRIPTS = /^(?:on|data-|hx-|@|x-|v-|ng-|up-)/;

const TEXT_STATES: ReadonlySet<number> = new Set(Object.values(TokenizerMode));

/** The document that pieces make up. */
export function sampleDocument(pieces: readonly PrintedPiece[]): SampleDocument {
  const tags: DocumentTag[] = [];
  const values: { at: number; piece: PrintedValue }[] = [];
  const marked: PrintedValue[] = [];
  const starts: { at: number; piece: PrintedPiece }[] = [];
  let [html, scripts, isScript, hasErrors] = ['', '', false, false];
  const note = (token: Token.TagToken, kind: DocumentTag['kind']) => {
    const tag = tagOf(token, kind, marked);
    tags.push(tag);
    for (const { name, texts } of tag.attributes)
      if (OF_SCRIPTS.test(name)) scripts += `\n${texts.join('\n')}\n`;
  };
  const addScript = ({ chars }: Token.CharacterToken) => {
    if (isScript) scripts += chars;
  };
  const tokenizer = new Tokenizer(
    { sourceCodeLocationInfo: true },
    {
      onStartTag(token) {
        note(token, 'start');
        isScript = token.tagName === 'script';
        tokenizer.state = CONTENT_MODES[token.tagName] ?? TokenizerMode.DATA;
      },
      onEndTag(token) {
        note(token, 'end');
        isScript = false;
      },
      onComment() {},
      onDoctype() {},
      onEof() {},
      onCharacter: addScript,
      onNullCharacter() {},
      onParseError() {
        hasErrors = true;
      },
      onWhitespaceCharacter: addScript,
    },
  );
  const write = (text: string) => {
    html += text;
    tokenizer.write(text, false);
  };
  for (const piece of pieces) {
    starts.push({ at: html.length, piece });
    if (piece.kind === 'text') write(piece.text);
    else if (!TEXT_STATES.has(tokenizer.state)) {
      const mark = String.fromCodePoint(FIRST_VALUE + (marked.push(piece) % MOST_VALUES));
      write(piece.kind === 'attrs' ? ` ${ATTRS}="${mark}"` : mark);
    } else if (piece.kind !== 'escaped' || piece.value === undefined) {
      const literal = literalMarkup(piece);
      if (literal === undefined) values.push({ at: html.length, piece });
      else write(literal);
    }
  }
  tokenizer.write('', true);
  const pages = new Set(pieces.map(({ page }) => page));
  return { html, tags, values, pages, scripts, hasErrors, placeAt: (offset) => placeIn(starts, offset) };
}

/** The markup of a raw output whose value is known. */
function literalMarkup({ kind, value }: PrintedValue): string | undefined {
  if (kind !== 'raw' || value === undefined) return undefined;
  const [text, ...others] = textsOf(value);
  return others.length > 0 || text === undefined || text.includes(HOLE) ? undefined : text;
}

function tagOf(
  token: Token.TagToken,
  kind: DocumentTag['kind'],
  marked: readonly PrintedValue[],
): DocumentTag {
  const { tagName, attrs, location, selfClosing } = token;
  const attributes = attrs
    .filter(({ name }) => name !== ATTRS && !VALUES.test(name))
    .map(({ name, value }): DocumentAttribute => {
      const place = location?.attrs?.[name];
      return {
        name,
        texts: textsIn(value, marked),
        start: place?.startOffset ?? 0,
        literal: literalIn(value, marked),
      };
    });
  const given = attrs.find(({ name }) => name === ATTRS);
  return {
    kind,
    name: tagName,
    start: location?.startOffset ?? 0,
    end: location?.endOffset ?? 0,
    isSelfClosing: selfClosing,
    attributes,
    attrs: given && textsIn(given.value, marked),
    attrsLiteral: given && literalIn(given.value, marked),
    isOpen: attrs.some(({ name }) => VALUES.test(name)),
  };
}

/** The texts of an attribute whose value holds marks of printed values. */
function textsIn(value: string, marked: readonly PrintedValue[]): readonly string[] {
  if (!VALUES.test(value)) return [value];
  return concatenated(value.split(EACH_VALUE).map((part) => textsOfPart(part, marked)));
}

function textsOfPart(part: string, marked: readonly PrintedValue[]): readonly string[] {
  return VALUES.test(part) ? textsOf(markedValue(part, marked)) : [part];
}

function literalIn(value: string, marked: readonly PrintedValue[]): SourceOffset | undefined {
  return VALUES.test(value) && value.length === 2 ? literalPlace(markedValue(value, marked)) : undefined;
}

/** The value that a mark stands for. */
function markedValue(mark: string, marked: readonly PrintedValue[]): Possible {
  const index = (mark.codePointAt(0) ?? 0) - FIRST_VALUE - 1;
  return marked.length >= MOST_VALUES ? undefined : marked[index]?.value;
}

function placeIn(
  starts: readonly { readonly at: number; readonly piece: PrintedPiece }[],
  offset: number,
): { readonly piece: PrintedPiece; readonly offset: number } | undefined {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle]?.at ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const found = starts[low];
  if (found === undefined) return undefined;
  const { piece, at } = found;
  const place = piece.kind === 'text' ? sourceOffset(piece, Math.max(0, offset - at)) : piece.start;
  return { piece, offset: place };
}
