// Text on its way to a terminal or a log, where nothing in it can do more than be read: a visitor's text is in error messages,
// names of attributes and paths. Control characters (a terminal obeys ESC and those from U+0080 to U+009F), characters that
// reorder or hide text, line separators and lone surrogates become escapes. Every writer of lines calls this, no maker of texts.

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;
const UNPRINTABLES = new RegExp(UNPRINTABLE.source, 'gu');

/** The text as one line. */
export function printableLine(text: string): string {
  // Nearly always there is nothing to do; the test costs less than a replace.
  return UNPRINTABLE.test(text) ? text.replace(UNPRINTABLES, escaped) : text;
}

/** The text with its own lines and tabs: for excerpts and stacks. */
export function printableLines(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(UNPRINTABLES, (character) =>
      character === '\n' || character === '\t' ? character : escaped(character),
    );
}

/** JSON that parses to the same value; the lines of indented JSON stay, since a string of JSON has no line break in it. */
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
