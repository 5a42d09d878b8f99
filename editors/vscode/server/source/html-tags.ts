// Tags and attributes of the HTML half of a page, with their offsets, which the HTML service does not tell.

import { getLanguageService, type Node, type TextDocument, TokenType } from 'vscode-html-languageservice';

const service = getLanguageService();

/** An attribute of a start tag. */
export interface TagAttribute {
  /** In lower case. */
  readonly name: string;
  readonly nameStart: number;
  /** The range of the value without its quotes; undefined for an attribute without `=`. */
  readonly value: { readonly start: number; readonly end: number; readonly isQuoted: boolean } | undefined;
}

/** The element whose start tag has an offset; undefined in text. */
export function tagAt(document: TextDocument, offset: number): Node | undefined {
  const node = service.parseHTMLDocument(document).findNodeBefore(offset);
  const isInside = node.tag !== undefined && node.start < offset && offset < (node.startTagEnd ?? offset + 1);
  return isInside ? node : undefined;
}

/** All elements of a document, in order. */
export function elementsOf(document: TextDocument): Node[] {
  const found: Node[] = [];
  const add = (node: Node): void => {
    found.push(node);
    node.children.forEach(add);
  };
  service.parseHTMLDocument(document).roots.forEach(add);
  return found;
}

/** The attributes of an element's start tag. */
export function attributesOf(document: TextDocument, { start, startTagEnd }: Node): TagAttribute[] {
  const text = document.getText();
  const scanner = service.createScanner(text, start);
  const found: TagAttribute[] = [];
  for (let token = scanner.scan(); token !== TokenType.EOS; token = scanner.scan()) {
    const [from, to] = [scanner.getTokenOffset(), scanner.getTokenEnd()];
    if (from >= (startTagEnd ?? text.length)) break;
    const last = found.at(-1);
    if (token === TokenType.AttributeName)
      found.push({ name: scanner.getTokenText().toLowerCase(), nameStart: from, value: undefined });
    else if (token === TokenType.DelimiterAssign && last !== undefined)
      found.splice(-1, 1, { ...last, value: { start: to, end: to, isQuoted: false } });
    else if (token === TokenType.AttributeValue && last !== undefined)
      found.splice(-1, 1, { ...last, value: valueRange(text, from, to) });
    else if (token === TokenType.StartTagClose || token === TokenType.StartTagSelfClose) break;
  }
  return found;
}

function valueRange(text: string, from: number, to: number): NonNullable<TagAttribute['value']> {
  const quote = text[from];
  if (quote !== '"' && quote !== "'") return { start: from, end: to, isQuoted: false };
  const isClosed = to > from + 1 && text[to - 1] === quote;
  return { start: from + 1, end: isClosed ? to - 1 : to, isQuoted: true };
}
