// Escapers of values in scripts that contain JSON: data blocks, import maps, speculation rules.

import { stringLiteral, unicodeEscape } from './script-escapers.ts';
import { type LiteralSyntax, literalOf } from './script-literal.ts';
import { escapeString, plainText } from './text-escaper.ts';

/**
 * The value as JSON, without the characters that end a script.
 * @throws Problem `script-value` with the path of a value that JSON cannot express
 */
export function escapeJson(value: unknown): string {
  return literalOf(value, JSON_LITERALS);
}

/** The same in an attribute. */
export function escapeJsonInAttribute(value: unknown): string {
  return escapeString(escapeJson(value));
}

/** Escapes characters of a JSON string. `\u` is the only escape of JSON for the characters that end a script. */
export function escapeJsonString(value: unknown): string {
  return plainText(value).replace(/[^\w .,-]/g, unicodeEscape);
}

const JSON_LITERALS: LiteralSyntax = {
  language: 'JSON',
  string: stringLiteral,
  number: (value) => JSON.stringify(value),
  undefined: 'null',
  key: stringLiteral,
  trusted: (value) => stringLiteral(String(value)),
};
