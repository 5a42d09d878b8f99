// QUERY: the fields of the query string and of the form, read as URLSearchParams reads them (README.md, *Names of a page*).

import type { TextDecoder } from 'node:util';
import type { LimitsConfig } from '../../config/schema.ts';
import { Problem } from '../diagnostics/problem.ts';
import { decodedText } from '../forms/decoded-text.ts';
import { fieldRecord } from '../runtime/field-record.ts';
import type { Query } from '../runtime/page-types.ts';
import type { RefusedFields } from './refused-fields.ts';

/** Values by field name, in their order in the request. */
export type FieldValues = Map<string, string[]>;

/** The limits of fields. */
export type FieldLimits = Pick<LimitsConfig, 'fields' | 'field_name' | 'field_size'>;

const NO_VALUES: readonly string[] = Object.freeze([]);

/**
 * The fields of a query string or an urlencoded body.
 * @param refused takes the fields that are too large; undefined: they are errors
 * @throws Problem `too-many-fields`, `field-name-too-long`, `field-too-large`
 */
export function parsedFields(encoded: string, limits: FieldLimits, refused?: RefusedFields): FieldValues {
  const values: FieldValues = new Map();
  if (encoded === '' || encoded === '?') return values;
  refuseTooMany(encoded, limits.fields);
  for (const [name, value] of new URLSearchParams(encoded)) {
    addField(values, { name, value }, limits, refused);
  }
  return values;
}

/**
 * The fields of an urlencoded body.
 * @param charset the decoder of its character encoding; undefined: UTF-8
 * @throws Problem as `parsedFields()`
 */
export function formFields(
  body: Buffer,
  charset: TextDecoder | undefined,
  limits: FieldLimits,
  refused?: RefusedFields,
): FieldValues {
  if (charset === undefined) return parsedFields(body.toString('utf8'), limits, refused);
  const values: FieldValues = new Map();
  const text = body.toString('latin1');
  if (text === '') return values;
  refuseTooMany(text, limits.fields);
  for (const pair of text.split('&').filter((part) => part !== '')) {
    const [name, value] = decodedPair(pair, charset);
    addField(values, { name, value }, limits, refused);
  }
  return values;
}

/**
 * The name and the value of one pair of an urlencoded body.
 * @param charset as in `formFields()`; with one, the pair is Latin-1 text of the body's bytes
 */
export function decodedPair(pair: string, charset: TextDecoder | undefined): readonly [string, string] {
  if (charset === undefined) return [...new URLSearchParams(pair)][0] ?? ['', ''];
  const cut = pair.indexOf('=');
  const name = decodedBytes(cut === -1 ? pair : pair.slice(0, cut), charset);
  return [name, cut === -1 ? '' : decodedBytes(pair.slice(cut + 1), charset)];
}

/**
 * Adds a field that keeps the limits, or notes that it does not.
 * @throws Problem `field-name-too-long`, `field-too-large`
 */
export function addField(
  values: FieldValues,
  { name, value }: { readonly name: string; readonly value: string },
  limits: FieldLimits,
  refused: RefusedFields | undefined,
): void {
  refuseLongName(name, limits);
  if (!exceeds(value, limits.field_size)) addValue(values, name, value);
  else if (refused !== undefined) refused.add(name, 'field_size', limits.field_size, value);
  else throw new Problem('field-too-large', { params: { name, limit: limits.field_size } });
}

/** Percent-decodes a name or value to bytes, then decodes those in their character encoding. */
function decodedBytes(encoded: string, charset: TextDecoder): string {
  const bytes = encoded
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return decodedText(Buffer.from(bytes, 'latin1'), charset);
}

/** Adds a value to those of its name. */
export function addValue<T>(values: Map<string, T[]>, name: string, value: T): void {
  const known = values.get(name);
  if (known === undefined) values.set(name, [value]);
  else known.push(value);
}

/**
 * Checks the name of a field; sizes are in bytes of UTF-8.
 * @throws Problem `field-name-too-long`
 */
export function refuseLongName(name: string, { field_name: limit }: FieldLimits): void {
  if (exceeds(name, limit)) throw new Problem('field-name-too-long', { params: { limit } });
}

/** QUERY from the fields of the query string and of the body. If both have a name, the values of the body count. */
export function queryRecord(query: FieldValues, body: FieldValues | undefined): Query {
  return fieldRecord(body === undefined ? query : new Map([...query, ...body]), NO_VALUES);
}

/** Counts the fields before they are parsed, so that a body of ampersands costs nothing. */
function refuseTooMany(encoded: string, limit: number): void {
  let count = 1;
  for (let at = encoded.indexOf('&'); at !== -1; at = encoded.indexOf('&', at + 1)) {
    if (++count > limit) throw new Problem('too-many-fields', { params: { limit } });
  }
}

function exceeds(text: string, limit: number): boolean {
  return text.length > limit || (text.length * 3 > limit && Buffer.byteLength(text) > limit);
}
