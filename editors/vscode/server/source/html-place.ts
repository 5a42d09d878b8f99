// The place of the cursor in the HTML half of a page.

import type { Node, TextDocument } from 'vscode-html-languageservice';
import { attributesOf, elementsOf, type TagAttribute, tagAt } from './html-tags';
import type { FieldNamePlace, Range, UrlPlace } from './offered-place';
import type { PageCode } from './page-code';

/** The attributes with a URL of the site. */
const URLS: ReadonlySet<string> = new Set(['href', 'src', 'action', 'formaction', 'poster', 'data']);
const FIELDS: ReadonlySet<string> = new Set(['input', 'select', 'textarea', 'button']);

/** The place at an offset; undefined where nothing of the site belongs. */
export function htmlPlace(
  page: PageCode,
  document: TextDocument,
  offset: number,
): UrlPlace | FieldNamePlace | undefined {
  const node = tagAt(document, offset);
  const tag = node?.tag?.toLowerCase();
  if (node === undefined || tag === undefined) return undefined;
  const attribute = attributesOf(document, node).find(
    ({ value }) => value !== undefined && value.start <= offset && offset <= value.end,
  );
  if (attribute?.value === undefined) return undefined;
  const { name, value } = attribute;
  const needsQuotes = !value.isQuoted && value.start === value.end;
  if (name === 'name' && FIELDS.has(tag)) {
    const range = nameRange(document, value, offset);
    return { kind: 'field-name', range, needsQuotes, ...formOf(page, document, node) };
  }
  if (!URLS.has(name) || (name === 'data' && tag !== 'object')) return undefined;
  const written = writtenBefore(page, value.start, offset);
  return {
    kind: 'url',
    element: tag,
    onlyPages: name === 'action' || name === 'formaction',
    code: (param) => `<%= ${param} %>`,
    before: written.text,
    needsQuotes,
    range: { start: written.lastPiece, end: pathEnd(document, value.end, offset) },
  };
}

/** The text of the page from an offset to the cursor, with holes in place of code. */
function writtenBefore(page: PageCode, start: number, offset: number): { text: string; lastPiece: number } {
  let text = '';
  let lastPiece = start;
  let at = start;
  for (const piece of page.module.texts) {
    if (piece.end <= start || piece.start > offset) continue;
    if (piece.start > at) {
      text += page.engine.HOLE;
      lastPiece = piece.start;
    }
    text += page.source.slice(Math.max(piece.start, start), Math.min(piece.end, offset));
    at = piece.end;
  }
  return { text, lastPiece };
}

/** The value of an attribute, with holes in place of code. */
export function attributeText(page: PageCode, { value }: TagAttribute): string {
  if (value === undefined) return '';
  const { text } = writtenBefore(page, value.start, value.end);
  const isOpen = !page.module.texts.some(({ start, end }) => start <= value.end && value.end <= end);
  return isOpen ? text + page.engine.HOLE : text;
}

/** A path ends at its query, its fragment, code, or where its tag goes on behind a quote that is missing. */
function pathEnd(document: TextDocument, end: number, offset: number): number {
  const rest = document.getText().slice(offset, end);
  return offset + (/^[^\s"'<>?#]*/.exec(rest)?.[0].length ?? 0);
}

function nameRange(document: TextDocument, value: Range, offset: number): Range {
  const rest = document.getText().slice(offset, value.end);
  return { start: value.start, end: offset + (/^[^\s"'<>=]*/.exec(rest)?.[0].length ?? 0) };
}

/** The form of a field: the element around it, or the one that its attribute `form` names. */
function formOf(
  page: PageCode,
  document: TextDocument,
  field: Node,
): Pick<FieldNamePlace, 'action' | 'taken'> {
  const owner = textOf(page, document, field, 'form');
  const form =
    owner === undefined
      ? formAround(field)
      : elementsOf(document).find(
          (node) => node.tag === 'form' && textOf(page, document, node, 'id') === owner,
        );
  if (form === undefined) return { action: undefined, taken: new Set() };
  const others = elementsIn(form).filter((node) => node.start !== field.start && FIELDS.has(node.tag ?? ''));
  return {
    action: textOf(page, document, field, 'formaction') ?? textOf(page, document, form, 'action') ?? '',
    taken: new Set(
      others.map((node) => textOf(page, document, node, 'name')).filter((name) => name !== undefined),
    ),
  };
}

function formAround(node: Node): Node | undefined {
  let at: Node | undefined = node;
  while (at !== undefined && at.tag !== 'form') at = at.parent;
  return at;
}

function elementsIn(node: Node): Node[] {
  return node.children.flatMap((child) => [child, ...elementsIn(child)]);
}

function textOf(page: PageCode, document: TextDocument, node: Node, name: string): string | undefined {
  const attribute = attributesOf(document, node).find((each) => each.name === name);
  return attribute === undefined ? undefined : attributeText(page, attribute);
}
