// Which fields are secret, by their names (docs/forms.md, *Secrets*). One list for everything that shows, logs or keeps what a
// visitor typed: error page, log, Form and kept forms.

import { hasCredentialWord, hasWord, nameWords } from '../diagnostics/secret-names.ts';

/** Words of which one makes a name secret, beside those of credentials. */
const WORDS: ReadonlySet<string> = new Set(
  (
    'pin pins otp totp cvc cvv cvn csc csrf xsrf iban ssn pan cookie cookies cardnumber creditcard ccnumber cardno securitycode ' +
    'sessionid'
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
  'session id',
  'one time',
  'recovery code',
]);

/** Whether the value of a field, header or attribute of this name is secret. */
export type IsSecret = (name: string) => boolean;

/** `newPassword`, `card[cvc]` and `api_key` are secret, `passenger`, `spinner` and `author` are not. */
export function isSecretName(name: string): boolean {
  return hasSecretWord(nameWords(name));
}

/**
 * The same judgement with the names of a site.
 * @param further words, or names of several words, that make a name secret as well (`secret_fields` of the configuration)
 */
export function secretNames(further: readonly string[]): IsSecret {
  const phrases = further
    .map((entry) => ` ${nameWords(entry).join(' ')} `)
    .filter((phrase) => phrase !== '  ');
  if (phrases.length === 0) return isSecretName;
  return (name) => {
    const words = nameWords(name);
    const text = ` ${words.join(' ')} `;
    return hasSecretWord(words) || phrases.some((phrase) => text.includes(phrase));
  };
}

function hasSecretWord(words: readonly string[]): boolean {
  return hasCredentialWord(words) || hasWord(words, WORDS, WORD_PAIRS);
}
