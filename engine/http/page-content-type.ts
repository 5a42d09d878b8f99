// The Content-Type of a page's output by the kind of the page (docs/pages.md, *Text pages*). A page may set another one.

import type { PageKind } from '../compiler/page-kind.ts';

export const PAGE_CONTENT_TYPES: Readonly<Record<PageKind, string>> = {
  html: 'text/html; charset=utf-8',
  text: 'text/plain; charset=utf-8',
};
