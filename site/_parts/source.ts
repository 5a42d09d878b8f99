// The source of a page of this site, cut into HTML and code, to be shown as an example.

import { readFileSync } from 'node:fs';

export interface Piece {
  readonly kind: 'html' | 'ts';
  readonly text: string;
}

/** The pieces of a file below site/. */
export function piecesOf(file: string): Piece[] {
  const source = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8').trimEnd();
  return source
    .split(/(<%[\s\S]*?%>)/)
    .map((text) => ({ kind: text.startsWith('<%') ? 'ts' : 'html', text }));
}
