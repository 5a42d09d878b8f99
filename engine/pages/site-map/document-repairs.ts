// The repairs that a browser would make in a sample document. Its tags are compared with the tree that parse5 makes of them. A tag without an
// element, or an element without its tag, is a repair.

import { type DefaultTreeAdapterTypes, type ParserError, parse, parseFragment } from 'parse5';
import { isEscapedTag } from '../../compiler/outline/printed-text.ts';
import type { DocumentTag, SampleDocument } from '../../compiler/outline/sample-document.ts';
import { isPlainMarkup } from './plain-markup.ts';
import { namesOfTokenErrors } from './token-errors.ts';

/** A repair, at an offset of the document. */
export interface Repair {
  readonly code:
    | 'markup-unclosed'
    | 'markup-stray-end'
    | 'markup-paragraph'
    | 'markup-misnested'
    | 'markup-misplaced'
    | 'markup-syntax'
    | 'attribute-twice';
  readonly at: number;
  /** The value of the placeholder of its text: an element, or what is wrong. */
  readonly subject: string;
  readonly repair?: string;
}

type TreeNode = DefaultTreeAdapterTypes.Node;
type TreeElement = DefaultTreeAdapterTypes.Element;

const VOID = new Set('area base br col embed hr img input link meta source track wbr param'.split(' '));
/** Elements whose end tag HTML lets the author leave out (13.1.2.4). */
const OPTIONAL_END = new Set(
  'html head body li dt dd p rt rp optgroup option colgroup caption thead tbody tfoot tr td th'.split(' '),
);

/** The elements of a tree by the offsets of their tags. */
interface TreeTags {
  readonly starts: Map<number, TreeElement[]>;
  readonly ends: Set<number>;
  /** Elements that the browser has moved to another place. */
  readonly moved: Set<number>;
}

/** The repairs of a document, in no order. */
export function repairsOf(document: SampleDocument): Repair[] {
  const isWhole = /<(?:!doctype|html|head|body)\b/i.test(document.html);
  return isPlainMarkup(document, isWhole) ? [] : parsedRepairs(document, isWhole);
}

/** The repairs that parse5 makes. */
export function parsedRepairs(document: SampleDocument, isWhole: boolean): Repair[] {
  const errors: ParserError[] = [];
  const onParseError = (error: ParserError) => void errors.push(error);
  const options = { sourceCodeLocationInfo: true, scriptingEnabled: false, onParseError };
  const tree = isWhole ? parse(document.html, options) : parseFragment(document.html, options);
  const tags: TreeTags = { starts: new Map(), ends: new Set(), moved: new Set() };
  collect(tree, tags);
  return [
    ...tokenRepairs(errors, document),
    ...headRepairs(errors, document.tags),
    ...tagRepairs(document.tags, tags),
  ].filter(({ at }) => !isInSelect(document.tags, at));
}

/** HTML allows more in a `<select>` than parse5 knows. */
function isInSelect(tags: readonly DocumentTag[], at: number): boolean {
  const before = tags.findLast(({ name, start }) => name === 'select' && start < at);
  return before?.kind === 'start';
}

function tokenRepairs(errors: readonly ParserError[], document: SampleDocument): Repair[] {
  return errors.flatMap(({ code, startOffset }): Repair[] => {
    if (code === 'duplicate-attribute') return [{ code: 'attribute-twice', at: startOffset, subject: '' }];
    const subject = namesOfTokenErrors.get(code);
    if (subject === undefined || (code === TEXT_AS_TAG && isEscape(document, startOffset - 1))) return [];
    return [{ code: 'markup-syntax', at: startOffset, subject }];
  });
}

/** The error of parse5 at the character behind a `<` that begins no tag. */
const TEXT_AS_TAG = 'invalid-first-character-of-tag-name';

/** Whether a `<` comes from `<%%`, by which a page prints `<%`. */
function isEscape(document: SampleDocument, at: number): boolean {
  const found = document.placeAt(at);
  return found?.piece.kind === 'text' && isEscapedTag(found.piece, found.offset);
}

/** Elements of the head that stand behind it. */
function headRepairs(errors: readonly ParserError[], tags: readonly DocumentTag[]): Repair[] {
  const starts = new Set(
    errors
      .filter(({ code }) => code === 'abandoned-head-element-child')
      .map(({ startOffset }) => startOffset),
  );
  return tags
    .filter(({ start }) => starts.has(start))
    .map(({ start: at, name: subject }) => ({
      code: 'markup-misplaced',
      at,
      subject,
      repair: 'moves it into the head',
    }));
}

function collect(node: TreeNode, tags: TreeTags): void {
  if ('tagName' in node && node.sourceCodeLocation) {
    const { startTag, endTag } = node.sourceCodeLocation;
    const start = (startTag ?? node.sourceCodeLocation).startOffset;
    tags.starts.set(start, [...(tags.starts.get(start) ?? []), node]);
    if (endTag) tags.ends.add(endTag.startOffset);
  }
  if ('content' in node) collect(node.content, tags);
  if (!('childNodes' in node)) return;
  noteMoved(node.childNodes, tags);
  for (const child of node.childNodes) collect(child, tags);
}

/** An element that may not stand in a table stands before it in the tree, and behind its beginning in the source. */
function noteMoved(children: readonly TreeNode[], { moved }: TreeTags): void {
  let next = Number.POSITIVE_INFINITY;
  for (const child of [...children].reverse()) {
    const start = child.sourceCodeLocation?.startOffset;
    if (start === undefined || start === null) continue;
    if (start > next && 'tagName' in child) moved.add(start);
    else next = Math.min(next, start);
  }
}

function tagRepairs(tags: readonly DocumentTag[], tree: TreeTags): Repair[] {
  return tags.flatMap((tag, index): Repair[] => {
    const { name: subject, start: at } = tag;
    if (tag.kind === 'end') {
      if (tree.ends.has(at) || IMPLIED.has(subject)) return [];
      const block = subject === 'p' ? endingBlock(tags, index) : undefined;
      if (block !== undefined) return [{ code: 'markup-paragraph', at, subject: block }];
      return [{ code: 'markup-stray-end', at, subject }];
    }
    const elements = tree.starts.get(at);
    if (elements === undefined) return ignoredStart(tag);
    if (tree.moved.has(at))
      return [{ code: 'markup-misplaced', at, subject, repair: 'moves it out of the table' }];
    if (elements.length > 1) return [{ code: 'markup-misnested', at, subject }];
    return isUnclosed(tag, elements[0]) ? [{ code: 'markup-unclosed', at, subject }] : [];
  });
}

/** parse5 tells no end tag of these. */
const IMPLIED: ReadonlySet<string> = new Set(['html', 'body', 'head']);

function ignoredStart({ name: subject, start: at }: DocumentTag): Repair[] {
  return [{ code: 'markup-misplaced', at, subject, repair: 'ignores the tag' }];
}

function isUnclosed({ name, isSelfClosing }: DocumentTag, element: TreeElement | undefined): boolean {
  if (element === undefined || VOID.has(name) || OPTIONAL_END.has(name)) return false;
  if (isSelfClosing && element.namespaceURI !== 'http://www.w3.org/1999/xhtml') return false;
  return element.sourceCodeLocation?.endTag === undefined;
}

/** Elements that end a paragraph (HTML, 4.4.1). */
const BLOCKS = new Set(
  'address article aside blockquote details dialog div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre search section table ul'.split(
    ' ',
  ),
);

/** The block that has ended the paragraph which an end tag means to close. */
function endingBlock(tags: readonly DocumentTag[], index: number): string | undefined {
  let depth = 0;
  let first: string | undefined;
  for (let at = index - 1; at >= 0; at--) {
    const tag = tags[at];
    if (tag === undefined || !BLOCKS.has(tag.name)) continue;
    if (tag.kind === 'end') {
      if (tag.name === 'p') return undefined;
      depth++;
    } else if (tag.name === 'p') return first;
    else {
      if (tag.name !== 'hr' && depth === 0) return undefined;
      if (tag.name !== 'hr') depth--;
      if (depth === 0) first = tag.name;
    }
  }
  return undefined;
}
