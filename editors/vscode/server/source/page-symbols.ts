// The outline view of a page: headings, forms with their fields, and elements with an id; declarations and sections of its code.

import type { DocumentSymbol, LanguageServicePlugin } from '@volar/language-server';
import { SymbolKind } from '@volar/language-server';
import type { Node, TextDocument } from 'vscode-html-languageservice';
import { codeSymbols } from './code-symbols';
import { attributeText } from './html-place';
import { attributesOf, elementsOf } from './html-tags';
import { type PageCode, pageOf } from './page-code';

/** The symbols of pages. */
export function pageSymbols(): LanguageServicePlugin {
  return {
    name: 'karrigell-symbols',
    capabilities: { documentSymbolProvider: true },
    create: (context) => ({
      provideDocumentSymbols(document) {
        const page = pageOf(document, context);
        if (page === undefined) return undefined;
        if (document.languageId === 'typescript') return codeSymbols(document);
        if (document.languageId !== 'html') return undefined;
        return elementsOf(document).flatMap((node) => symbolOf(node, document, page));
      },
    }),
  };
}

const FIELDS: ReadonlySet<string> = new Set(['input', 'select', 'textarea', 'button']);

function symbolOf(node: Node, document: TextDocument, page: PageCode): DocumentSymbol[] {
  const tag = node.tag?.toLowerCase() ?? '';
  const attributes = attributesOf(document, node);
  const textOf = (name: string): string | undefined => {
    const found = attributes.find((attribute) => attribute.name === name);
    return found && attributeText(page, found).replaceAll(page.engine.HOLE, '…');
  };
  const symbol = (name: string, kind: SymbolKind, detail = ''): DocumentSymbol[] =>
    name === '' ? [] : [{ name, kind, detail, ...rangesOf(node, document) }];
  const id = textOf('id');
  if (tag === 'form')
    return symbol(`form ${textOf('action') ?? ''}`.trim(), SymbolKind.Struct, textOf('method'));
  if (FIELDS.has(tag)) return symbol(textOf('name') ?? '', SymbolKind.Field, textOf('type') ?? tag);
  if (/^h[1-6]$/.test(tag)) return symbol(headingText(node, page) || tag, SymbolKind.String, tag);
  return id === undefined || id === '' ? [] : symbol(`#${id}`, SymbolKind.Key, tag);
}

function rangesOf(
  { start, end, startTagEnd = end }: Node,
  document: TextDocument,
): Pick<DocumentSymbol, 'range' | 'selectionRange'> {
  const first = document.positionAt(start);
  return {
    range: { start: first, end: document.positionAt(end) },
    selectionRange: { start: first, end: document.positionAt(Math.min(startTagEnd, end)) },
  };
}

/** The text of a heading, with `…` in place of code. */
function headingText({ startTagEnd, endTagStart, end, children }: Node, page: PageCode): string {
  if (startTagEnd === undefined) return '';
  const stop = endTagStart ?? end;
  const tags = children.flatMap((child) => [
    { start: child.start, end: child.startTagEnd ?? child.start },
    { start: child.endTagStart ?? child.end, end: child.end },
  ]);
  let text = '';
  let at = startTagEnd;
  for (const piece of page.module.texts) {
    const from = Math.max(piece.start, startTagEnd);
    const to = Math.min(piece.end, stop);
    if (from > to) continue;
    if (from > at) text += '…';
    for (let offset = from; offset < to; offset++)
      if (!tags.some((tag) => tag.start <= offset && offset < tag.end)) text += page.source[offset];
    at = to;
  }
  return (at < stop ? `${text}…` : text).replace(/\s+/g, ' ').trim();
}
