// Whole HTML documents, which debug adds to: a script, or hints for the developer. Fragments are left as they are.

/** Whether a text is a whole document. An empty one is, too: a page caught while it is being saved must come back. */
export function isDocument(html: string): boolean {
  return html === '' || /<\/body\s*>|<html[\s>]/i.test(html);
}

/** The document with more markup before the end of its body. */
export function withinBody(html: string, markup: string): string {
  let at = html.length;
  for (const match of html.matchAll(/<\/body\s*>/gi)) at = match.index;
  return html.slice(0, at) + markup + html.slice(at);
}
