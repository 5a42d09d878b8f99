// Decides about a form that a page has printed: whether it is sent by POST to a page of this site that uses Once. Method and action
// are read in the tag as it was printed, and resolved as browsers resolve them; <base> is not read.

import { tagAttributes } from '../../forms/tag-attributes.ts';
import type { PageSet } from '../../pages/index.ts';

/** The request for which a page prints. */
interface PrintingRequest {
  /** The URL that the browser has asked for. */
  readonly url: URL;
  /** The part of its path below which the site is mounted. */
  readonly mount: string;
  readonly pages: Pick<PageSet, 'once'>;
}

/** @param tag the start tag as it was printed */
export function needsToken(tag: string, { url, mount, pages }: PrintingRequest): boolean {
  const attributes = tagAttributes(tag);
  if (attributes?.get('method')?.toLowerCase() !== 'post') return false;
  const action = attributes.get('action') ?? '';
  if (!URL.canParse(action, url.href)) return false;
  const { origin, pathname } = new URL(action, url);
  if (origin !== url.origin || !pathname.startsWith(`${mount}/`)) return false;
  return pages.once.at(pathname.slice(mount.length));
}
