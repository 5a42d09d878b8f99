// Parses an undecoded URL path.

/** The parts of a path, each decoded on its own. */
export interface UrlPath {
  readonly parts: readonly string[];
  readonly slash: boolean;
}

/**
 * Parses a URL path. Returns undefined for malformed percent-encoding, an encoded slash, backslash or NUL, `.` and `..`
 * in any spelling, and empty parts, because no served file can have such a name.
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
