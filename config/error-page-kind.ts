// The kind of a file in `error_pages`: a page that runs, or HTML that is sent. This rule judges the name when the
// configuration is read, and the real name, behind links, when the file is used.

/** The kind of a file; undefined for any other file, which could show a source, a configuration or data to visitors. */
export function errorPageKind(name: string): 'page' | 'html' | undefined {
  if (/\.pih$/i.test(name)) return 'page';
  return /\.html?$/i.test(name) ? 'html' : undefined;
}
