// Which fields are secret, by their names (contract section 12). One list for everything that shows, logs or keeps what a visitor
// typed: error page, log, Form and kept forms.

/** Words of which one makes a name secret. */
const WORDS: ReadonlySet<string> = new Set(
  (
    'password passwords passwd passwort pwd pass passphrase passcode pin pins otp totp cvc cvv cvn csc secret secrets token tokens ' +
    'csrf xsrf jwt iban ssn pan credential credentials cookie cookies auth authorization authentication apikey privatekey ' +
    'cardnumber creditcard ccnumber cardno securitycode sessionid'
  ).split(' '),
);

/** Words that follow each other and make a name secret together. */
const WORD_PAIRS: ReadonlySet<string> = new Set([
  'card number',
  'card no',
  'card nr',
  'card code',
  'cc number',
  'credit card',
  'debit card',
  'account number',
  'security code',
  'api key',
  'private key',
  'access key',
  'session id',
  'pass word',
  'one time',
  'recovery code',
]);

/** Parts of a word that make it secret wherever they stand in it: `userpassword`, `mysecret`. */
const PARTS = /password|passwd|passphrase|secret/;

/**
 * Whether a field, header or attribute of this name is secret: `newPassword`, `card[cvc]` and `api_key` are, `passenger`, `spinner`
 * and `author` are not.
 * @param further lower-case words that make a name secret as well (`secret_fields` of the configuration)
 */
export function isSecretName(name: string, further: ReadonlySet<string> = NONE): boolean {
  const words = wordsIn(name);
  return words.some((word, index) => {
    const next = words[index + 1];
    if (WORDS.has(word) || further.has(word) || PARTS.test(word)) return true;
    return next !== undefined && WORD_PAIRS.has(`${word} ${next}`);
  });
}

const NONE: ReadonlySet<string> = new Set();

/** The words of a name in lower case, without the digits that number a field: `password2` is a `password`. */
function wordsIn(name: string): string[] {
  return name
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
}
