// The kind of a page, which its name tells (docs/pages.md, *Text pages*): `order.txt.pih` is plain text, `data.json.pih` is
// refused, any other page is HTML. HTML here includes XML and SVG, whose text is escaped alike.

import { Problem } from '../diagnostics/problem.ts';

/** The kind of content that a page prints. */
export type PageKind = 'html' | 'text';

/** How a page sends content of a kind that it cannot print: the value, or its text with a Content-Type. */
const BY_JSON = 'RESPONSE.json(value)';
const byText = (type: string) => `RESPONSE.headers.set('content-type', '${type}'); RESPONSE.send(text)`;

/** Endings of content in which neither HTML's escaping nor none is right, with the code that sends it instead. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ...['json', 'jsonc', 'json5', 'geojson', 'webmanifest'].map((ending) => [ending, BY_JSON] as const),
  ...['jsonl', 'ndjson'].map((ending) => [ending, byText('application/x-ndjson')] as const),
  ...['js', 'mjs', 'cjs', 'jsx'].map((ending) => [ending, byText('text/javascript')] as const),
  ...['css', 'scss', 'sass', 'less'].map((ending) => [ending, byText('text/css')] as const),
  ...['md', 'markdown', 'mdx'].map((ending) => [ending, byText('text/markdown; charset=utf-8')] as const),
  ['csv', byText('text/csv; charset=utf-8')],
  ['tsv', byText('text/tab-separated-values; charset=utf-8')],
  ...['yaml', 'yml'].map((ending) => [ending, byText('application/yaml')] as const),
  ['toml', byText('application/toml')],
  ['ics', byText('text/calendar; charset=utf-8')],
  ['vcf', byText('text/vcard; charset=utf-8')],
]);

/**
 * The kind of a page.
 * @param file the page's path or name
 * @throws Problem `page-kind`
 */
export function pageKind(file: string): PageKind {
  const problem = pageKindProblem(file);
  if (problem !== undefined) throw problem;
  return namedKind(file);
}

/** The error for a page whose name tells a kind that pages cannot print; undefined for any other page. */
export function pageKindProblem(file: string): Problem | undefined {
  const ending = endingOf(file);
  const code = REFUSED.get(ending);
  if (code === undefined) return undefined;
  return new Problem('page-kind', { file, line: 1, column: 1, params: { ending, code } });
}

/** The kind, where a refused name counts as HTML. */
export function namedKind(file: string): PageKind {
  return endingOf(file) === 'txt' ? 'text' : 'html';
}

/** The ending before `.pih`, in lower case; '' if there is none. */
function endingOf(file: string): string {
  return /\.([^./\\]+)\.pih$/i.exec(file)?.[1]?.toLowerCase() ?? '';
}

/** The kind in messages. */
export const KIND_NAMES: Readonly<Record<PageKind, string>> = { html: 'an HTML page', text: 'a text page' };
