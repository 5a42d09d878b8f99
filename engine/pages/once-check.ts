// Warnings for pages with Once whose forms get no token (docs/exactly-once.md), because the engine does not print their tags.

import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { markupOf } from '../compiler/3-analyse/markup.ts';
import { type Warning, warning } from '../diagnostics/problem.ts';
import type { CompiledFile } from './compiled-page.ts';
import type { Generation, GenerationTools } from './generation.ts';
import { servedPages, shortUrl } from './named-page.ts';
import { explored } from './page-closure.ts';
import { entriesBelow } from './page-files.ts';

/** A page that has a URL, with its parts and layouts. */
interface UrlPage {
  readonly file: string;
  readonly url: string;
  readonly parts: readonly CompiledFile[];
}

/** The origin of a site that is not served; no form names it. */
const ORIGIN = 'http://karrigell.invalid';

/** @param chosen the pages that are checked */
export function onceWarnings(
  chosen: ReadonlySet<string>,
  generation: Generation,
  tools: Pick<GenerationTools, 'pages' | 'hidden'>,
): Warning[] {
  // Most sites never use it, and then no page has to be explored.
  if (generation.once.first() === undefined) return [];
  const pages = urlPages(generation, tools);
  const guarded = pages.filter(({ file, parts }) => chosen.has(file) && parts.some(usesOnce));
  if (guarded.length === 0) return [];
  const statics = staticForms(generation, tools);
  const forms = pages.flatMap(({ url, file, parts }) =>
    parts.flatMap(({ facts }) =>
      facts.post_forms.map(({ action }) => targetOf(generation, url, action, file)),
    ),
  );
  return guarded.flatMap((page) => {
    const has = forms.some((target) => target === undefined || target === page.file);
    const found = statics.filter(({ target }) => target === page.file);
    const places = { ...page.parts.find(usesOnce)?.facts.once, file: page.parts.find(usesOnce)?.file };
    return [
      ...(has || found.length > 0 ? [] : [warning('once-without-form', places)]),
      ...found.map(({ file }) => warning('once-static-form', { ...places, params: { file } })),
    ];
  });
}

function usesOnce({ facts }: CompiledFile): boolean {
  return facts.once !== undefined;
}

function urlPages(generation: Generation, tools: Pick<GenerationTools, 'pages'>): UrlPage[] {
  const pages = { sources: generation.sources, compiler: tools.pages };
  return servedPages(generation).map((name) => {
    const file = [generation.root, ...name.split('/')].join(sep);
    return { file, url: shortUrl(name), parts: explored(file, pages).files };
  });
}

/**
 * The page that a form is sent to; undefined if that is computed, '' if it is no page of the site.
 * @param own the page that prints the form
 */
function targetOf(
  generation: Generation,
  url: string,
  action: string | undefined,
  own: string,
): string | undefined {
  if (action === undefined) return undefined;
  if (action === '') return own;
  if (!URL.canParse(action, ORIGIN + url)) return '';
  const { origin, pathname } = new URL(action, ORIGIN + url);
  const found = generation.locate(pathname);
  const located = found.kind === 'redirect' ? generation.locate(found.path) : found;
  return origin === ORIGIN && located.kind === 'page' ? located.file : '';
}

/** The forms in static files that are sent by POST, with the file and the page that gets them. */
function staticForms(
  generation: Generation,
  { hidden }: Pick<GenerationTools, 'hidden'>,
): { readonly file: string; readonly target: string }[] {
  const files = [...entriesBelow(generation.root, hidden.asNow())]
    .filter(({ entry, path }) => entry.isFile() && /\.html?$/i.test(path) && generation.mayServe(path))
    .map(({ path }) => path);
  return files.flatMap((path) => {
    const file = `/${relative(generation.root, path).split(sep).join('/')}`;
    const targets = postActions(readFileSync(path, 'utf8')).map((action) =>
      targetOf(generation, file, action, ''),
    );
    return [...new Set(targets)].map((target = '') => ({ file, target }));
  });
}

/** The actions of the forms in static HTML that are sent by POST. */
function postActions(html: string): string[] {
  const [start, end] = [0, html.length];
  const tags = markupOf(html, [{ kind: 'text', start, end, innerStart: start, innerEnd: end, value: html }]);
  return tags.flatMap(({ kind, name, attributes }) => {
    const value = (wanted: string) => attributes.find((attribute) => attribute.name === wanted)?.value;
    const isPosted = kind === 'start' && name === 'form' && value('method')?.toLowerCase() === 'post';
    return isPosted ? [value('action') ?? ''] : [];
  });
}
