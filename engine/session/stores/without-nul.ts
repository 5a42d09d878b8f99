// Contents for places that refuse U+0000 or end there, such as columns of databases. JSON has none, so what a session
// keeps is stored as it is; any other content comes back all the same.

/** The content without U+0000, nor the sign that stands for it. */
export function withoutNul(content: string): string {
  return content.replaceAll('\u0010', '\u0010p').replaceAll('\u0000', '\u00100');
}

/** What withoutNul() was given. */
export function withNul(text: string): string {
  return text.replaceAll('\u00100', '\u0000').replaceAll('\u0010p', '\u0010');
}
