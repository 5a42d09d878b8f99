// The kind of a file of error_pages: a page that runs, or HTML that is sent. Its name is judged when the configuration is read, and
// the name that links lead to when the file is used, by this one rule.

/** Undefined for what would show a source, a configuration or data to visitors. */
export function errorPageKind(name: string): 'page' | 'html' | undefined {
  if (/\.pih$/i.test(name)) return 'page';
  return /\.html?$/i.test(name) ? 'html' : undefined;
}
