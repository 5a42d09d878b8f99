// Parses an undecoded URL path.

/** The parts of a path, each decoded on its own. */
export interface UrlPath {
  readonly parts: readonly string[];
  readonly slash: boolean;
  /** Whether a part can be no name of a served file. Then the parts are those before it. */
  readonly isMalformed: boolean;
}

/**
 * Parses a URL path. Malformed are wrong percent-encoding, an encoded slash, backslash or NUL, `.` and `..` in any
 * spelling, and empty parts, because no served file can have such a name.
 */
export function parsedUrlPath(path: string): UrlPath {
  if (!path.startsWith('/')) return { parts: [], slash: true, isMalformed: true };
  const raw = path.slice(1).split('/');
  const slash = raw.at(-1) === '';
  if (slash) raw.pop();
  const parts: string[] = [];
  for (const part of raw) {
    const name = decoded(part);
    if (name === undefined || name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name))
      return { parts, slash: true, isMalformed: true };
    parts.push(name);
  }
  return { parts, slash, isMalformed: false };
}

function decoded(part: string): string | undefined {
  if (!part.includes('%')) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
