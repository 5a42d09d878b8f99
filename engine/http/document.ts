// Whole HTML documents, which debug adds to: a script, or hints for the developer. Fragments are left as they are.

import { tagsOf } from './html-tags.ts';

/** Whether a text is a whole document. An empty one is, too: a page caught while it is being saved must come back. */
export function isDocument(html: string): boolean {
  if (html === '') return true;
  for (const { name } of tagsOf(html)) if (name === 'html' || name === '/body') return true;
  return false;
}

/** The document with more markup before the end of its body. */
export function withinBody(html: string, markup: string): string {
  let end = html.length;
  for (const { name, at } of tagsOf(html)) if (name === '/body') end = at;
  return html.slice(0, end) + markup + html.slice(end);
}
