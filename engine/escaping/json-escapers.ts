// Values in scripts that hold JSON: data blocks, import maps, speculation rules.

import { escaped, quoted } from './script-escapers.ts';
import { type Literals, literal } from './script-literal.ts';
import { escapeString, plainText } from './text-escaper.ts';

/**
 * The value as JSON, without the characters that end a script.
 * @throws Problem `script-value` for what has no JSON, naming its path
 */
export function escapeJson(value: unknown): string {
  return literal(value, JSON_LITERALS);
}

/** The same in an attribute. */
export function escapeJsonInAttribute(value: unknown): string {
  return escapeString(escapeJson(value));
}

/** Characters of a string in JSON, which has no other escapes for what ends a script. */
export function escapeJsonString(value: unknown): string {
  return plainText(value).replace(/[^\w .,-]/g, escaped);
}

const JSON_LITERALS: Literals = {
  language: 'JSON',
  string: quoted,
  number: (value) => JSON.stringify(value),
  undefined: 'null',
  key: quoted,
  trusted: (value) => quoted(String(value)),
};
