// Masks passwords in URLs. The URL parser finds them, as in the packages that connect. If a text is no valid URL, or is
// ambiguous, everything that may belong to the user's name and password is masked.

export const SECRET_MASK = '***';

const SCHEME = /^\s*[a-z][a-z0-9+.-]+:/i;

/**
 * The text with the passwords of its URL masked.
 * @param isSecret whether the query parameter of a name is a secret
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
  // A password with an unescaped slash or question mark would end the host too early, and its rest would be shown as a
  // path.
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
