// Contents for systems that refuse U+0000 or cut a text there, such as columns of databases. JSON has no U+0000, so the text of
// a session is stored as it is; other contents come back unchanged, too.

/** A content in which U+0010 escapes U+0000 and itself. */
export function withoutNul(content: string): string {
  return content.replaceAll('\u0010', '\u0010p').replaceAll('\u0000', '\u00100');
}

/** The content that withoutNul() was given. */
export function withNul(text: string): string {
  return text.replaceAll('\u00100', '\u0000').replaceAll('\u0010p', '\u0010');
}
