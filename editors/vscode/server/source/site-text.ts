// Offsets of the engine ↔ positions of the protocol, in open documents and in files that are not open.

import type { Position, Range } from '@volar/language-server';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import type { SiteMap } from './site-map';

/** A range of a file, in offsets. */
export interface FileRange {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** A file as the map shows it. */
export function documentOf(map: SiteMap, file: string): TextDocument {
  return TextDocument.create(URI.file(file).toString(), 'pih', 0, map.text(file));
}

export function offsetIn(map: SiteMap, file: string, position: Position): number {
  return documentOf(map, file).offsetAt(position);
}

/** The range in the protocol's positions. */
export function rangeIn(map: SiteMap, { file, start, end }: FileRange): Range {
  const document = documentOf(map, file);
  return { start: document.positionAt(start), end: document.positionAt(end) };
}
