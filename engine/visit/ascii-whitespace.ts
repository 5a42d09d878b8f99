// The ASCII whitespace of the Infra standard, 4.6: String.trim() would remove further characters.

const WHITESPACE = '\t\n\f\r ';

/** A text without ASCII whitespace at its ends. */
export function trimAsciiWhitespace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && WHITESPACE.includes(text.charAt(start))) start++;
  while (end > start && WHITESPACE.includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
