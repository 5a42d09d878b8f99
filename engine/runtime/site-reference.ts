// The target of a redirect as the Location header carries it (README.md, *Names of a page*). The text of the header itself
// is checked: a reference without scheme and authority keeps the origin of every client that resolves it (WHATWG URL), by
// whichever address the client knows the site.

/** Bases for the check. A reference that becomes `//…` below a deep path also does so below the shallow paths of these. */
const BASES = ['http://karrigell.invalid/', 'https://karrigell.invalid/', 'https://karrigell.invalid/x/y'];
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const AUTHORITY = /^[\\/]{2}/;

/** The text without the characters that URL parsers remove: controls and spaces at its ends, tabs and line breaks anywhere. */
export function trimmedTarget(given: string): string {
  let [start, end] = [0, given.length];
  while (start < end && given.charCodeAt(start) <= 0x20) start++;
  while (end > start && given.charCodeAt(end - 1) <= 0x20) end--;
  return given.slice(start, end).replace(/[\t\n\r]/g, '');
}

/**
 * The reference to a URL of this site; undefined if the target is no such URL.
 * @param target a result of `trimmedTarget`
 * @param ownUrl gives the URL of the request; it is called only if the target names an origin
 */
export function siteReference(target: string, ownUrl: () => URL): string | undefined {
  if (target === '') return undefined;
  const reference = namesOrigin(target) ? ownPath(target, ownUrl()) : written(target);
  return reference !== undefined && staysHere(reference) ? reference : undefined;
}

/**
 * The reference to an http(s) URL of any site; undefined if the target is no such URL. If the target has no scheme, the
 * reference has none either, and the client's scheme applies.
 */
export function externalReference(target: string): string | undefined {
  if (!namesOrigin(target)) return undefined;
  const url = parsed(target, BASES[1]);
  if (url === undefined) return undefined;
  return SCHEME.test(target) ? url.href : url.href.slice(url.protocol.length);
}

function namesOrigin(target: string): boolean {
  return SCHEME.test(target) || AUTHORITY.test(target);
}

/** An http(s) URL. A target with a scheme gets no base, because `http:x` is a path on one base and a host on another. */
function parsed(target: string, base: string | URL | undefined): URL | undefined {
  const from = SCHEME.test(target) ? undefined : base;
  if (!URL.canParse(target, from?.toString())) return undefined;
  const url = new URL(target, from);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

/** The path of an absolute URL of this site; undefined if the URL has another origin. */
function ownPath(target: string, own: URL): string | undefined {
  const url = parsed(target, own);
  return url?.origin === own.origin ? pathOf(url) : undefined;
}

function pathOf(url: URL): string {
  return url.pathname + url.search + url.hash;
}

/** A path as a reference in ASCII: a path from the root as parsed, a relative path still relative. */
function written(target: string): string | undefined {
  if (/^[\\/]/.test(target)) return pathOf(new URL(target, BASES[0]));
  const cut = target.search(/[?#]/);
  const path = (cut === -1 ? target : target.slice(0, cut)).replaceAll('\\', '/');
  const rest = cut === -1 ? '' : target.slice(cut);
  const reference = encoded(path + rest);
  const isSame = BASES.every((base) => new URL(reference, base).href === new URL(target, base).href);
  return isSame ? reference : undefined;
}

/** Characters that are escaped in every part of a URL. */
const NOT_IN_URLS = /[^\x21\x23-\x3b\x3d\x3f-\x7e]/gu;

function encoded(reference: string): string {
  // A lone surrogate becomes U+FFFD, as in URL parsers.
  return reference.replace(NOT_IN_URLS, (character) =>
    encodeURIComponent(/^[\ud800-\udfff]$/.test(character) ? '\ufffd' : character),
  );
}

/** Whether a reference keeps the origin of every base. */
function staysHere(reference: string): boolean {
  if (!/^[\x21-\x7e]+$/.test(reference) || namesOrigin(reference)) return false;
  return BASES.every((base) => {
    const url = new URL(reference, base);
    return base.startsWith(`${url.origin}/`) && !url.pathname.startsWith('//');
  });
}
