// Completion items for a range of the document.

import { type CompletionItem, type CompletionItemKind, InsertTextFormat } from '@volar/language-server';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Range } from './offered-place';

/** A text to offer. */
export interface OfferedText {
  readonly label: string;
  readonly text: string;
  /** The names of placeholders in the text, with the character that stands for each. */
  readonly placeholders?: { readonly mark: string; readonly texts: readonly string[] };
  readonly kind: CompletionItemKind;
  readonly detail: string;
  /** Items of rank 0 come first. */
  readonly rank: number;
  /** The text in the document that the item is found by, if it differs from the label. */
  readonly filter?: string;
  readonly range?: Range;
}

/** The settings of all items of one place. */
export interface ItemsPlace {
  readonly document: TextDocument;
  readonly range: Range;
  readonly needsQuotes: boolean;
  /** Whether the editor knows placeholders. */
  readonly hasSnippets: boolean;
}

export function completionItem(offered: OfferedText, place: ItemsPlace): CompletionItem {
  const { start, end } = offered.range ?? place.range;
  const { document } = place;
  const isSnippet = place.hasSnippets && (offered.placeholders?.texts.length ?? 0) > 0;
  const text = isSnippet ? snippet(offered) : plain(offered);
  return {
    label: offered.label,
    kind: offered.kind,
    detail: offered.detail,
    sortText: `${offered.rank}${offered.label}`,
    filterText: offered.filter ?? offered.label,
    insertTextFormat: isSnippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    textEdit: {
      range: { start: document.positionAt(start), end: document.positionAt(end) },
      newText: place.needsQuotes ? `"${text}"` : text,
    },
  };
}

function plain({ text, placeholders }: OfferedText): string {
  let filled = text;
  for (const name of placeholders?.texts ?? []) filled = filled.replace(placeholders?.mark ?? '', () => name);
  return filled;
}

function snippet({ text, placeholders }: OfferedText): string {
  const { mark, texts } = placeholders ?? { mark: '', texts: [] };
  return text
    .split(mark)
    .map((part, index) => {
      const name = texts[index];
      return escaped(part) + (name === undefined ? '' : `\${${index + 1}:${escaped(name)}}`);
    })
    .join('');
}

function escaped(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}
