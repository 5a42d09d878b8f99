// Names whose values are credentials: passwords, keys and tokens. One list for the settings of the configuration and the fields of
// forms (forms/secret-fields.ts adds the secrets of visitors, such as card numbers).

/** Words of which one makes a name secret. */
const WORDS: ReadonlySet<string> = new Set([
  'pass',
  'passcode',
  'pw',
  'auth',
  'authorization',
  'authentication',
  'jwt',
]);

/** Words that follow each other and make a name secret together. */
const WORD_PAIRS: ReadonlySet<string> = new Set(['pass word', 'api key', 'private key', 'access key']);

/** Parts of a word that make it secret in any place: `userpassword`, `mysecret`. */
const PARTS = /passw(?:or[dt]|d)|passphrase|pwd|secret|credential|token(?!i[sz])|(?:api|private|access)key/;

/** Whether the value of a setting, option or query parameter of this name is a credential: `dbPass`, `api_key`, `authtoken`. */
export function isCredentialName(name: string): boolean {
  return hasCredentialWord(nameWords(name));
}

/** The same for the words of a name. */
export function hasCredentialWord(words: readonly string[]): boolean {
  return hasWord(words, WORDS, WORD_PAIRS) || words.some((word) => PARTS.test(word));
}

/** Whether one of the words is in the set, or two words that follow each other are. */
export function hasWord(
  words: readonly string[],
  set: ReadonlySet<string>,
  pairs: ReadonlySet<string>,
): boolean {
  return words.some((word, index) => set.has(word) || pairs.has(`${word} ${words[index + 1] ?? ''}`));
}

/** The words of a name in lower case, without the digits that number a field: `password2` has the word `password`. */
export function nameWords(name: string): string[] {
  return name
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
}
