// The HTML half of a page for the HTML service: the page's own text, with blanks of the same length in place of its tags with code.

import type { CodeInformation, CodeMapping, VirtualCode } from '@volar/language-core';
import type { Engine } from './engine';

type EditedPage = ReturnType<Engine['moduleOfPage']>;

/** The name of the embedded HTML. */
const HTML = 'html';

/** The HTML of a page; undefined for a text page. */
export function htmlCode(source: string, { texts }: EditedPage): VirtualCode | undefined {
  const ranges = texts.length === 0 && source === '' ? [{ start: 0, end: 0 }] : texts;
  if (ranges.length === 0) return undefined;
  const html = withoutCode(source, ranges);
  return {
    id: HTML,
    languageId: 'html',
    snapshot: {
      getText: (start, end) => html.slice(start, end),
      getLength: () => html.length,
      getChangeRange: () => undefined,
    },
    mappings: [
      mapping({ start: 0, end: source.length }, { structure: true }),
      ...ranges.map((range) => mapping(range, { completion: true, semantic: true })),
    ],
  };
}

function mapping({ start, end }: EditedPage['texts'][number], data: CodeInformation): CodeMapping {
  return { sourceOffsets: [start], generatedOffsets: [start], lengths: [end - start], data };
}

function withoutCode(source: string, texts: EditedPage['texts']): string {
  let html = '';
  let at = 0;
  for (const { start, end } of texts) {
    html += blank(source.slice(at, start)) + source.slice(start, end);
    at = end;
  }
  return html + blank(source.slice(at));
}

function blank(code: string): string {
  return code.replace(/[^\r\n]/g, ' ');
}
