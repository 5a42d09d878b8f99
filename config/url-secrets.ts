// Passwords in texts that are URLs, or nearly. The URL parser finds them, as it does for the drivers that connect; where a
// text is no URL for it, or might be read in two ways, all that may be the user's part is masked.

export const SECRET_MASK = '***';

const SCHEME = /^\s*[a-z][a-z0-9+.-]+:/i;

/**
 * The text without the passwords of the URL in it.
 * @param isSecret whether a query parameter of this name is one
 */
export function withoutPasswords(text: string, isSecret: (name: string) => boolean): string {
  const withoutUser = withoutUserPassword(text);
  const query = withoutUser.indexOf('?');
  if (query === -1) return withoutUser;
  return withoutUser.slice(0, query + 1) + maskedPairs(withoutUser.slice(query + 1), isSecret);
}

function withoutUserPassword(text: string): string {
  const at = text.lastIndexOf('@');
  const start = text.indexOf('://');
  if (at === -1 || (start === -1 && !SCHEME.test(text))) return text;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // A password with an unescaped slash or question mark ends the host too early; its rest would be shown as a path.
  const isClear = url !== undefined && !`${url.pathname}${url.search}${url.hash}`.includes('@');
  if (!isClear)
    return `${text.slice(0, start === -1 ? text.indexOf(':') + 1 : start + 3)}${SECRET_MASK}${text.slice(at)}`;
  if (url.password === '') return text;
  url.password = SECRET_MASK;
  return url.href;
}

function maskedPairs(query: string, isSecret: (name: string) => boolean): string {
  const hash = query.indexOf('#');
  const [pairs, rest] = hash === -1 ? [query, ''] : [query.slice(0, hash), query.slice(hash)];
  return (
    pairs
      .split('&')
      .map((pair) => maskedPair(pair, isSecret))
      .join('&') + rest
  );
}

function maskedPair(pair: string, isSecret: (name: string) => boolean): string {
  const [[name] = ['']] = new URLSearchParams(pair);
  const equals = pair.indexOf('=');
  return equals !== -1 && isSecret(name) ? `${pair.slice(0, equals + 1)}${SECRET_MASK}` : pair;
}
