// An undecoded URL path as its parts, or nothing when no file can have that name.

/** The parts of a path, decoded one by one; `slash` tells whether it ends in one. */
export interface UrlPath {
  readonly parts: readonly string[];
  readonly slash: boolean;
}

/**
 * Splits a URL path. Refused (undefined): malformed percent-encoding, an encoded slash, backslash or NUL, `.` and `..`
 * in any spelling, empty parts.
 */
export function parsedUrlPath(path: string): UrlPath | undefined {
  if (!path.startsWith('/')) return undefined;
  const raw = path.slice(1).split('/');
  const slash = raw.at(-1) === '';
  if (slash) raw.pop();
  const parts: string[] = [];
  for (const part of raw) {
    const name = decoded(part);
    if (name === undefined || name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name))
      return undefined;
    parts.push(name);
  }
  return { parts, slash };
}

function decoded(part: string): string | undefined {
  if (!part.includes('%')) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
