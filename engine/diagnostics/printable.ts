// Escapes text for terminals and logs, because messages contain text of visitors. Control characters (a terminal obeys
// ESC and U+0080 to U+009F), characters that reorder or hide text, line separators and lone surrogates are escaped.
// Code that writes lines calls these functions; code that makes texts does not.

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;
const UNPRINTABLES = new RegExp(UNPRINTABLE.source, 'gu');

/** The text as one line; all control characters are escaped. */
export function printableLine(text: string): string {
  // Most texts need no escape, and a test costs less than a replacement.
  return UNPRINTABLE.test(text) ? text.replace(UNPRINTABLES, escaped) : text;
}

/** The text with its line breaks and tabs kept, for excerpts and stacks. */
export function printableLines(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(UNPRINTABLES, (character) =>
      character === '\n' || character === '\t' ? character : escaped(character),
    );
}

/** JSON that parses to the same value. Line breaks are kept: JSON contains them only between tokens. */
export function printableJson(json: string): string {
  if (!UNPRINTABLE.test(json)) return json;
  return json.replace(UNPRINTABLES, (character) =>
    character === '\n' ? character : escapedInJson(character),
  );
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

function escapedInJson(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
