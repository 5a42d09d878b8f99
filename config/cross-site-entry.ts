// Parses entries of `cross_site` into the form that requests are compared with: a path as browsers send it, or an
// origin as they write it into the Origin header.

const BASE = 'http://karrigell.invalid';

/** The path or origin; undefined if the text is neither. */
export function parsedCrossSite(text: string): string | undefined {
  if (text.startsWith('/')) return pathIn(text);
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const { origin, username, password, pathname, search, hash } = new URL(text);
  const isMore = username !== '' || password !== '' || pathname !== '/' || search !== '' || hash !== '';
  return isMore || /[/?#]$/.test(text) ? undefined : origin;
}

function pathIn(text: string): string | undefined {
  if (/[?#\\]/.test(text) || !URL.canParse(text, BASE)) return undefined;
  const { origin, pathname } = new URL(text, BASE);
  return origin === BASE ? pathname : undefined;
}
