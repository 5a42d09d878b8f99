// The attributes of one start tag, as an HTML tokenizer reads them.

import { type Token, Tokenizer } from 'parse5';

const ignore = (): void => undefined;

/**
 * The values of the attributes by name, with character references decoded; undefined if the text does not begin with a start tag. Of
 * several attributes with one name, the first counts.
 */
export function tagAttributes(text: string): ReadonlyMap<string, string> | undefined {
  let found: Token.TagToken | undefined;
  const tokenizer = new Tokenizer(
    {},
    {
      onStartTag(token) {
        found ??= token;
      },
      onEndTag: ignore,
      onComment: ignore,
      onDoctype: ignore,
      onEof: ignore,
      onCharacter: ignore,
      onNullCharacter: ignore,
      onWhitespaceCharacter: ignore,
    },
  );
  tokenizer.write(text, true);
  return found && new Map(found.attrs.map(({ name, value }) => [name, value]));
}
