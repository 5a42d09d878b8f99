// Paths of the site for the place of the cursor: URLs, files of parts, anchors.

import { CompletionItemKind } from '@volar/language-server';
import type { OfferedText } from './offered-items';
import type { PartPlace, UrlPlace } from './offered-place';
import type { PageCode } from './page-code';
import type { SiteMap } from './site-map';

type OfferedUrl = ReturnType<PageCode['engine']['offeredUrls']>[number];

/** The URLs that may be meant, as absolute or relative as the author has begun. */
export function urlItems(place: UrlPlace, page: PageCode, map: SiteMap): OfferedText[] {
  const { before } = place;
  if (/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(before) || before.includes('?')) return [];
  if (before.includes('#')) return anchorItems(place, page, map);
  const urls = page.engine.offeredUrls(map).filter((url) => url.isPage || !place.onlyPages);
  return urls.flatMap((url) => {
    const path = writtenAs(url.path, before, page, map);
    const offered = path === undefined ? undefined : urlItem(url, path, place, page);
    return offered === undefined ? [] : [offered];
  });
}

/** The path from another start or with another beginning; undefined if the author means another kind of path. */
function writtenAs(path: string, before: string, page: PageCode, map: SiteMap): string | undefined {
  if (before === '' || before.startsWith('/') || before.startsWith(page.engine.HOLE)) return path;
  const from = page.engine.pathOfPage(map.root, page.file);
  return from === undefined ? undefined : relativeAs(page.engine.relativeUrl(path, from), before);
}

function relativeAs(relative: string, before: string): string | undefined {
  if (before.startsWith('..')) return relative.startsWith('../') ? relative : undefined;
  if (relative === '' || relative.startsWith('../')) return undefined;
  return before.startsWith('.') ? `./${relative}` : relative;
}

function urlItem(url: OfferedUrl, path: string, place: UrlPlace, page: PageCode): OfferedText | undefined {
  const { HOLE } = page.engine;
  const written = place.before.slice(0, place.before.lastIndexOf(HOLE) + 1);
  if (!path.startsWith(written) || path === written) return undefined;
  const text = path.slice(written.length);
  const params = url.params.slice(written.split(HOLE).length - 1);
  const texts = params.map((name) => place.code?.(name) ?? name);
  return {
    label: labelOf(text, params, HOLE),
    text,
    placeholders: { mark: HOLE, texts },
    kind: CompletionItemKind.File,
    detail: url.file.slice(page.site.root.length).replaceAll('\\', '/'),
    rank: rankOf(url, place.element),
  };
}

function labelOf(text: string, params: readonly string[], hole: string): string {
  return params.reduce((label, name) => label.replace(hole, `[${name}]`), text);
}

/** The files that an element is most likely to name. */
const LIKELY: Readonly<Record<string, RegExp>> = {
  script: /\.m?js$/i,
  link: /\.(?:css|ico|svg|png|webmanifest)$/i,
  img: /\.(?:png|jpe?g|gif|svg|webp|avif|ico)$/i,
  source: /\.(?:png|jpe?g|gif|svg|webp|avif|mp4|webm|mp3|ogg)$/i,
  video: /\.(?:mp4|webm|ogv|png|jpe?g|webp)$/i,
  audio: /\.(?:mp3|ogg|wav|m4a|flac)$/i,
};

function rankOf({ isPage, file }: OfferedUrl, element: string): number {
  const likely = LIKELY[element];
  if (likely === undefined) return isPage ? 0 : 1;
  return likely.test(file) ? 0 : isPage ? 2 : 1;
}

function anchorItems({ before, range }: UrlPlace, page: PageCode, map: SiteMap): OfferedText[] {
  const at = before.lastIndexOf('#');
  const start = range.start + at + 1 - (before.lastIndexOf(page.engine.HOLE) + 1);
  return page.engine.anchorNames(map, page.file, before.slice(0, at)).map(({ name, pages }) => ({
    label: name,
    text: name,
    kind: CompletionItemKind.Reference,
    detail: pages.join(', '),
    rank: 0,
    range: { start, end: range.end },
  }));
}

/** The files that Include, Layout or Render may mean. */
export function partItems({ before, call }: PartPlace, page: PageCode, map: SiteMap): OfferedText[] {
  const { offeredParts, partPath, relativeUrl } = page.engine;
  const from = partPath(map, page.file);
  return offeredParts(map, page.file, call).flatMap((path) => {
    const isAbsolute = before === '' || before.startsWith('/');
    const text = isAbsolute ? path : relativeAs(relativeUrl(path, from), before);
    if (text === undefined) return [];
    const rank = path.includes('/_') ? 0 : 1;
    return [{ label: text, text, kind: CompletionItemKind.File, detail: path, rank }];
  });
}
